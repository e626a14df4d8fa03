"""Definitions under review: what changed, what it means, what it does to the numbers."""
