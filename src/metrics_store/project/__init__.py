"""Find the dbt project, its profile and its artifacts, and run dbt on it."""
