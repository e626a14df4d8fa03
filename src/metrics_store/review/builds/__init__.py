"""Warehouses of revisions, built on the same data."""
