"""Definitions as the properties that people write in dbt's YAML files."""
