"""Demo data as Pipedrive's API gives it: records with amounts, and the log of their changes."""
