"""Tests of `metrics load`."""
