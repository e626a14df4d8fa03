"""Build the warehouse with dbt."""
