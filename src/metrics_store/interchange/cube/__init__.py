"""Cube: the definitions as its data model, and a running server compared with this engine."""
