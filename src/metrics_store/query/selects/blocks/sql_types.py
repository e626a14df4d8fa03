"""The types that tools cast dimensions and metrics to, by what such a cast is for."""

from __future__ import annotations

from sqlglot import exp

NUMBERS = frozenset(
    {
        exp.DType.INT,
        exp.DType.BIGINT,
        exp.DType.SMALLINT,
        exp.DType.DECIMAL,
        exp.DType.DOUBLE,
        exp.DType.FLOAT,
    }
)
TIMES = frozenset({exp.DType.TIMESTAMP, exp.DType.DATE, exp.DType.TIMESTAMPNTZ})
TEXTS = frozenset({exp.DType.TEXT, exp.DType.VARCHAR})
