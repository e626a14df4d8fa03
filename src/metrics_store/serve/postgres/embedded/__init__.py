"""The small PostgreSQL servers behind the interface, one for each set of what is visible."""
