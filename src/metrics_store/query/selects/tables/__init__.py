"""The metric tables: what SQL sees of the definitions."""
