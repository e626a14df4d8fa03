"""Tests of metrics as SQL expressions."""
