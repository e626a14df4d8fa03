"""Metrics as one SQL expression each, for formats whose metrics are expressions."""
