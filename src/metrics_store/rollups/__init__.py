"""Saved queries become dbt models."""
