"""Parses the SQL of definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot.errors import SqlglotError

from metrics_store.interchange.expressions.unsayable import UnsayableError

if TYPE_CHECKING:
    from sqlglot import exp


def parsed(expr: str, dialect: str) -> exp.Expr:
    """Parse SQL of the definitions.

    Raises:
        UnsayableError: It cannot be read.
    """
    try:
        return sqlglot.parse_one(f"({expr}\n)", read=dialect).unnest()
    except SqlglotError as error:
        raise UnsayableError(f"its SQL cannot be read: {' '.join(expr.split())}") from error


def is_readable(expr: str, dialect: str) -> bool:
    """Whether SQL can be read."""
    try:
        parsed(expr, dialect)
    except UnsayableError:
        return False
    return True
