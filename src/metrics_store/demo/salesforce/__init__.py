"""Salesforce-shaped demo data: six raw tables and quotas, with the traps of real orgs planted."""
