"""Versions of metrics: how they must rise, who must agree, and what they meant at any time."""
