"""The types that a filter may cast to, by what they hold."""

from __future__ import annotations

from sqlglot import exp

_T = exp.DType
TEXTS = frozenset({_T.TEXT, _T.VARCHAR, _T.CHAR, _T.NVARCHAR})
NUMBERS = frozenset(
    {_T.TINYINT, _T.SMALLINT, _T.INT, _T.BIGINT, _T.DECIMAL, _T.FLOAT, _T.DOUBLE, _T.BIGDECIMAL}
)
DATES = frozenset({_T.DATE})
TIMESTAMPS = frozenset({_T.TIMESTAMP, _T.DATETIME, _T.TIMESTAMPNTZ})


def type_of(node: exp.Cast) -> frozenset[exp.DType] | None:
    """Give what a cast is to; none where filters do not have it, or it would cut something off."""
    if any(
        value not in (None, False, [])
        for key, value in node.args.items()
        if key not in ("this", "to")
    ) or isinstance(node, exp.TryCast):
        return None
    if node.to.args.get("expressions"):
        return None
    found = (kind for kind in (TEXTS, NUMBERS, DATES, TIMESTAMPS) if node.to.this in kind)
    return next(found, None)
