"""Salesforce-shaped demo data: six raw tables, with the traps of real orgs planted."""
