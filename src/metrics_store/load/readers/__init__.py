"""Readers of the files of a source: CSV and Parquet."""
