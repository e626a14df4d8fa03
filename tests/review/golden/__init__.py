"""Golden values of certified metrics."""
