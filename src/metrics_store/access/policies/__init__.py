"""Policies: the file, bound to the definitions, and what they grant to a principal."""
