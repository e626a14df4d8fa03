"""All that one revision of a project defines: its definitions, dbt models and consumers."""
