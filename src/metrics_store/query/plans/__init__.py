"""Plans: SQL with places for literals, so that a request for another day needs no new planning."""
