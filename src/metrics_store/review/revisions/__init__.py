"""Revisions of a dbt project, and the artifacts that dbt compiles them to."""
