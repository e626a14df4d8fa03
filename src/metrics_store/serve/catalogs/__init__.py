"""The tables of metrics that a caller sees, kept for the interfaces that show them as such."""
