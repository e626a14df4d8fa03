"""The functions of times, as all warehouses have them."""

from __future__ import annotations

from sqlglot import exp


def truncated(value: exp.Expr, grain: str) -> exp.Expr:
    """Write the start of the period that a time is in."""
    # By its name: sqlglot knows it by several, of which some dialects have others.
    unit = exp.Literal.string(grain.upper())
    return exp.Anonymous(this="DATE_TRUNC", expressions=[unit, value])
