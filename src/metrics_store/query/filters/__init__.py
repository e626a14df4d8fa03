"""Filters: a caller's text or JSON becomes a typed tree, and only the tree becomes SQL."""
