"""`metrics list`: which metrics there are, and what one of them means."""
