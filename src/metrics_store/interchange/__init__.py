"""Definitions in the formats that others read: one model of them, one renderer a format."""
