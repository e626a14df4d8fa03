"""SQL of the definitions is split at its columns, and nothing else of it changes."""

from __future__ import annotations

import pytest

from metrics_store.interchange.layer.expression import (
    Column,
    NotSplitError,
    is_condition,
    is_one_term,
    split_columns,
)


def qualified(expression: str, dialect: str = "postgres") -> str:
    parts = split_columns(expression, dialect)
    return "".join(f"t.{one.text}" if isinstance(one, Column) else one for one in parts)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("amount", "t.amount"),
        ("1", "1"),
        ("case when is_won then coalesce(amount * share, 0) else 0 end",
         "case when t.is_won then coalesce(t.amount * t.share, 0) else 0 end"),
        ("cast(closed_at as date)", "cast(t.closed_at as date)"),
        ("closed_at::date", "t.closed_at::date"),
        ("date_trunc('day', at) + interval '1 day'", "date_trunc('day', t.at) + interval '1 day'"),
        ("status = 'a.amount'", "t.status = 'a.amount'"),
        ('"Close Date" < current_date', 't."Close Date" < current_date'),
        ("amount /* of amount */ + amount", "t.amount /* of amount */ + t.amount"),
    ],
)  # fmt: skip
def test_each_column_is_found_where_it_stands(expression: str, expected: str) -> None:
    assert qualified(expression) == expected
    assert qualified(expression, "duckdb") == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("orders.amount", "names a table"),
        ("amount in (select amount from other)", "a query of its own"),
        ("sum(", "cannot be read"),
    ],
)
def test_what_cannot_be_split_is_said(expression: str, reason: str) -> None:
    with pytest.raises(NotSplitError, match=reason):
        split_columns(expression, "postgres")


def test_terms_need_no_parentheses_and_all_else_does() -> None:
    terms = ["amount", "case when a then b end", "(a - b)", "0", "cast(a as int)", "sum(a)"]
    others = ["a - b", "a > 1", "-a", "a::int", "a and b", "a is null", "not a"]
    assert [one for one in [*terms, *others] if is_one_term(one, "postgres")] == terms


def test_conditions_are_told_by_their_form() -> None:
    conditions = ["a > 1", "a is null", "(a = 'x')", "a and b", "not a", "a in ('x')", "true"]
    others = ["a", "a + 1", "case when a then b end"]
    assert [one for one in [*conditions, *others] if is_condition(one, "duckdb")] == conditions
