"""Warehouses of two revisions, built on the same raw tables."""
