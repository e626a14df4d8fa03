"""Conversion metrics: each conversion with the base event that it follows."""
