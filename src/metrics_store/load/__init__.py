"""The loader: files into the raw tables that a dbt source declares."""
