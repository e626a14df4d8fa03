"""Definitions in a canonical form: equal where their values are always equal."""
