"""Golden values: what certified metrics answer on known data, in files that people review."""
