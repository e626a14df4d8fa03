"""Explore: metrics by what they can be asked by, as charts and tables."""
