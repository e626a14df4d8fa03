"""Definitions as every interface lists them."""
