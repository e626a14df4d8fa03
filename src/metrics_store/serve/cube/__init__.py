"""Cube's REST API: its queries become questions, and the answers have its shapes."""
