"""Periods as people say them."""
