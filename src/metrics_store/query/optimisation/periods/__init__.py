"""Accumulated values, balances and periods: found among few days instead of all rows."""
