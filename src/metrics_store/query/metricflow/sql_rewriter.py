"""Rewrites MetricFlow's SQL: no needless copies of whole models, and steady aliases."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.query.dialects.dialect import Dialect

_MODEL_READ_TWICE = r"\b(?P<name>sma_\d+_cte) AS \("
_CAST = r"(?P<as>\b[Aa][Ss]\s+)(?P<type>(?i:double\s+precision|text))\)"
# What both types are called so by.
_STANDARD = ("duckdb", "postgres")
_ALIAS = r"\b(?P<kind>sma|rss|agg|(?:nr_)?subq)_\d+(?P<cte>_cte)?\b"


def read_where_needed(sql: str, dialect: Dialect) -> str:
    """Keep engines from copying a whole semantic model before they filter it.

    MetricFlow reads a model that it needs twice in a CTE, and some engines store the rows of such a
    CTE: all columns, before any filter. Read in each place instead, a fact of 97 million rows
    answers in a fifth of the time and without spilling to disk.
    """
    if not dialect.inlined:
        return sql
    return _beside_texts(_MODEL_READ_TWICE, dialect.literal).sub(
        lambda found: f"{found['name']} AS {dialect.inlined}(" if found["name"] else found[0], sql
    )


def with_own_types(sql: str, dialect: Dialect) -> str:
    """Cast to a text or a double by the engine's name for it.

    Definitions are written once for all engines, as `cast(won as double precision)`.
    """
    if dialect.name in _STANDARD:
        return sql
    own = {"double precision": dialect.double_type, "text": dialect.text_type}
    return _beside_texts(_CAST, dialect.literal).sub(
        lambda found: (
            f"{found['as']}{own[' '.join(found['type'].lower().split())]})"
            if found["type"]
            else found[0]
        ),
        sql,
    )


def with_steady_aliases(sql: str, dialect: Dialect) -> str:
    """Number MetricFlow's own aliases by appearance.

    MetricFlow counts them over the whole project and all that it planned before, so that a new
    semantic model anywhere would change every export, and no two plans of a request were equal.
    """
    numbers: dict[str, str] = {}

    def steady(match: re.Match[str]) -> str:
        kind, cte = match["kind"], match["cte"] or ""
        if not kind:
            return match[0]
        taken = sum(name.startswith(f"{kind}_") for name in numbers)
        return numbers.setdefault(match[0], f"{kind}_{taken}{cte}")

    return _beside_texts(_ALIAS, dialect.literal).sub(steady, sql)


@functools.cache
def _beside_texts(pattern: str, text: str) -> re.Pattern[str]:
    """Match texts first, which are kept: one may look like a name of MetricFlow's."""
    return re.compile(f"{text}|{pattern}", re.DOTALL)
