"""Charts and lineage graphs: where each line, bar and node stands; templates draw them."""
