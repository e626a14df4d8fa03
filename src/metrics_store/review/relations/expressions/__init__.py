"""The meaning of SQL expressions, as fingerprints."""
