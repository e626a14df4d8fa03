"""Aggregates that are made in steps, shared by several metrics, and put together again."""
