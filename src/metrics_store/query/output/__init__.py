"""Answers for people and programs: tables, charts, CSV, JSON, Arrow and Parquet."""
