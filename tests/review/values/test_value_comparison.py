"""What counts as another value, slice by slice."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_store.review.values.value_comparison import Slice, compare, differ, slices
from metrics_store.review.values.value_questions import Question

BY_REGION = Question("by region", ("revenue",), ("region",))


def answer(rows: dict[Any, Any], values: pa.DataType | None = None) -> pa.Table:
    columns = {"region": list(rows), "revenue": pa.array(list(rows.values()), values)}
    return pa.table(columns)


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (1, 1, False),
        (1, 2, True),
        (None, None, False),
        (None, 0, True),
        (0, None, True),
        (Decimal("1.10"), Decimal("1.1"), False),
        (Decimal("1.10"), Decimal("1.11"), True),
        (1, Decimal(1), False),
        (0.1 + 0.2, 0.3, False),
        (1.0, 1.0000001, True),
        (0.0, 1e-10, False),
        (0.0, 1e-7, True),
        (math.nan, math.nan, False),
        (math.nan, 1.0, True),
        (10**18, 10**18 + 1, True),
        ("a", "b", True),
        (dt.date(2026, 1, 1), dt.date(2026, 1, 1), False),
    ],
)
def test_another_value(old: object, new: object, moved: bool) -> None:  # noqa: FBT001
    assert differ(Slice(("north",), old, new)) is moved


def test_rows_are_put_together_whatever_their_order() -> None:
    old = answer({"north": 1, "south": 2, None: 3})
    new = answer({None: 3, "south": 5, "west": 4})
    found = {one.key: (one.old, one.new) for one in slices(old, new, "revenue", ("region",))}
    assert found == {
        ("north",): (1, None),
        ("south",): (2, 5),
        ("west",): (None, 4),
        (None,): (3, 3),
    }


def test_what_moved_most_comes_first() -> None:
    old = answer({"a": 100, "b": 10, "c": 5, "d": 1, "e": 1, "f": 1, "g": 1})
    new = answer({"a": 101, "b": 90, "c": 5, "d": None, "e": 3, "f": 4, "g": 1})
    found = compare(BY_REGION, "revenue", old, new, ("", ""))
    assert (found.rows, found.differing) == (7, 5)
    assert [one.key[0] for one in found.largest] == ["d", "b", "f", "e", "a"]
    assert not found.is_equal


def test_a_share_is_of_the_old_value() -> None:
    assert Slice((), -10, -15).share == -0.5
    assert Slice((), 0, 5).share is None
    assert Slice((), None, 5).share is None


def test_no_rows_on_both_sides_are_equal() -> None:
    found = compare(BY_REGION, "revenue", answer({}, pa.int64()), answer({}, pa.int64()), ("", ""))
    assert found.is_equal
    assert found.rows == 0


@given(st.dictionaries(st.text(max_size=3), st.integers(-(10**12), 10**12), max_size=8))
def test_an_answer_is_equal_to_itself_in_any_order(rows: dict[str, int]) -> None:
    backwards = dict(reversed(rows.items()))
    found = compare(
        BY_REGION, "revenue", answer(rows, pa.int64()), answer(backwards, pa.int64()), ("", "")
    )
    assert found.is_equal
    assert found.rows == len(rows)
