"""Builds on Spark, in schemas beside the live ones."""
