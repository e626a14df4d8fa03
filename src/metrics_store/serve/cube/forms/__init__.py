"""Queries of Cube as JSON: what is taken, and what it says, before any name is looked up."""
