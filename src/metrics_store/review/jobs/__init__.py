"""Runs of dbt on revisions, in parallel processes."""
