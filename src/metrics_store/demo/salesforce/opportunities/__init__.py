"""Opportunities: how each is created, changes and ends, and the history that records it."""
