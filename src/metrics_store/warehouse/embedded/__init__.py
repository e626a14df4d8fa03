"""The embedded warehouse: a DuckDB file in immutable generations, and its backup."""
