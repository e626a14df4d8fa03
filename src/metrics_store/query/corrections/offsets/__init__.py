"""Metrics of an earlier time: which periods are moved onto which."""
