"""Answers as CSV: NULL is no empty text, noise is rounded away, and what differs is found."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from metrics_store.review.golden.golden_rows import RowDrift, as_golden_csv, differences


def test_csv() -> None:
    table = pa.table(
        {
            "day": [dt.datetime(2024, 2, 1), None, dt.datetime(2024, 1, 1)],
            "at": [dt.datetime(2024, 2, 1, 5), None, dt.datetime(2024, 1, 1)],
            "name": ["", None, 'a "b", c'],
            "share": [0.1 + 0.2, -0.0, 1e20 / 3],
            "amount": pa.array([Decimal("1.10"), None, Decimal(-2)], pa.decimal128(38, 2)),
            "count": [5, None, 2**62],
        }
    )
    assert as_golden_csv(table, sort_by=1).splitlines() == [
        '"day","at","name","share","amount","count"',
        ('2024-01-01,2024-01-01 00:00:00,"a ""b"", c",3.33333333333e+19,-2.00,4611686018427387904'),
        '2024-02-01,2024-02-01 05:00:00,"",0.3,1.10,5',
        ",,,0,,",
    ]


def test_rows_that_differ() -> None:
    old = '"a","b","m"\n"x",,1\n"x","",2\n"y","",\n"z","",4\n'
    new = '"a","b","m"\n"w","",0\n"x",,1.5\n"x","",2\n"y","",3\n'
    assert differences(old, old, 2) == []
    drifts = differences(old, new, 2)
    assert drifts == [
        RowDrift((("a", "x"), ("b", None)), "changed", "1", "1.5"),
        RowDrift((("a", "y"), ("b", "")), "changed", None, "3"),
        RowDrift((("a", "z"), ("b", "")), "missing", old="4"),
        RowDrift((("a", "w"), ("b", "")), "new", new="0"),
    ]
    assert [one.sentence() for one in drifts] == [
        "a x, b NULL: 1 -> 1.5",
        "a y, b '': NULL -> 3",
        "a z, b '': missing, 4",
        "a w, b '': new, 0",
    ]


def test_a_total_that_is_null() -> None:
    assert as_golden_csv(pa.table({"m": pa.array([None], pa.int64())}), sort_by=0) == '"m"\n\n'
    [drift] = differences('"m"\n\n', '"m"\n7\n', 0)
    assert drift.sentence() == "in total: NULL -> 7"


@pytest.mark.parametrize(
    ("known", "problem"),
    [
        ("", "no header"),
        ("m\n", "the columns are a, m and not m"),
        ('"a","m"\n1\n', "no CSV"),
        ('"a","m"\n1,2\n1,3\n', "stands twice"),
    ],
)
def test_what_is_no_known_answer(known: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        differences(known, '"a","m"\n1,2\n', 1)
