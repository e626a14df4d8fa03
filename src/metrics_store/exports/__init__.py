"""Exports: saved queries as dbt models."""
