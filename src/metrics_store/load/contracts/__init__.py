"""The contract of a source: what its tables must look like, read from dbt's manifest."""
