"""The dbt project: its location, profile, artifacts, and dbt run on it."""
