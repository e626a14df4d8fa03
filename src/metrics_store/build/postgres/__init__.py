"""Builds of PostgreSQL: new schemas beside the live ones, and the swap."""
