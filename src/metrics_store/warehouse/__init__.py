"""The warehouses: the embedded DuckDB file and PostgreSQL."""
