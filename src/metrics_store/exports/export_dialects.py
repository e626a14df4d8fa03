"""The dialects that exports are written in: those of the engines that dbt builds a project on."""

from __future__ import annotations

EXPORT_DIALECTS = ("duckdb", "postgres")
