"""A SELECT over one metric table: its group keys, its conditions, and what it asks."""
