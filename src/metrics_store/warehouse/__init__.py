"""The warehouse: embedded (a DuckDB file) or in PostgreSQL."""
