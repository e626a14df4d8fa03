"""Changes between two revisions' definitions, their causes and their impact."""
