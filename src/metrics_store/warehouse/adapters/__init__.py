"""Any warehouse that dbt has an adapter for, read over the adapter's own connection."""
