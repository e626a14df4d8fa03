"""Balances and cumulative metrics: the value of a period where rows cannot be summed over time."""
