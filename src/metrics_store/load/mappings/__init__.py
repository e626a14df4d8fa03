"""Mapping files: which files and columns of an export are which of a contract."""
