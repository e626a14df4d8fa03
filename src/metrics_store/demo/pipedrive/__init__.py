"""Pipedrive-shaped demo data: the six raw tables, with the traps of real exports planted."""
