"""Whatever a literal holds, both engines compare with just that, through MetricFlow's templates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_renderer import RenderOptions, render_filter
from metrics_store.query.filters.filter_tree import Comparison, Membership, Name, Operator, Pattern
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.filters.sql_literals import render_value

if TYPE_CHECKING:
    from query.filters.conftest import Ask

pytestmark = pytest.mark.xdist_group("shop")

STATUS = Name("order__status")
HOSTILE = [
    "",
    " ",
    "'",
    "''",
    "' or 1=1 --",
    "\\",
    "\\' or 1=1 --",
    "a\\",
    "{{ 1 }}",
    "{{ 1/0 }}",
    "{{ Dimension('order__status') }}",
    "{{",
    "}}",
    "{% raw %}",
    "{% endraw %}",
    "{%",
    "{#",
    "{# x #}",
    "# x",
    "## x",
    "%s %(x)s %%",
    "\n",
    "a\n",
    "\na\r\n  b\r",
    "a\n    b",
    "a\tb",
    "\x01\x1b[31m\x7f\x85\x1c",
    "\u2028\u2029\ufeff\u200b",
    "sma_1_cte AS (",
    "x' sma_1_cte AS ( 'y",
    "$$x$$ :x ? @x",
    "E'x' U&'x' /* x */ ; -- x",
    '"x"',
    "naïve 日本 🧾",
    "\U0010ffff",
    "null",
    "true",
    "1",
]
TEXTS = st.text(
    st.one_of(
        st.sampled_from("'\\{}%#\n\r\t \"-;$:?/*"),
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
    ),
    max_size=12,
)
ONCE_BUILT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _others(text: str) -> list[str | None]:
    changed = [text + " ", " " + text, text.swapcase(), text.strip(), text.replace("\n", " "), "x"]
    return [None, *sorted({one for one in changed if one != text})]


def _compares_with_itself(ask: Ask, text: str) -> None:
    where = Comparison(STATUS, Operator.EQUAL, text)
    assert ask([text, *_others(text)], where) == 1, text
    assert ask(_others(text), where) is None, text


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_texts_are_texts(text: str, ask_duckdb: Ask, ask_postgres: Ask) -> None:
    for ask in (ask_duckdb, ask_postgres):
        _compares_with_itself(ask, text)
        every = [other for other in HOSTILE if other != text]
        assert ask([text, *every], Comparison(STATUS, Operator.EQUAL, text)) == 1
        assert ask([text, *every], Membership(STATUS, (text, every[0]))) == 3


def test_hostile_texts_come_through_the_text_of_a_filter(ask_duckdb: Ask) -> None:
    for text in HOSTILE:
        quoted = text.replace("'", "''")
        where = parse_filter(f"{{{{ Dimension('order__status') }}}} = '{quoted}'")
        assert where == Comparison(
            Name("order__status", kind=where.term.kind),
            Operator.EQUAL,
            text,  # type: ignore[union-attr]
        )
        assert ask_duckdb([text, "x"], where) == 1, text


@ONCE_BUILT
@given(text=TEXTS)
def test_any_text_compares_with_itself_only_in_duckdb(text: str, ask_duckdb: Ask) -> None:
    _compares_with_itself(ask_duckdb, text)


@pytest.mark.slow
@ONCE_BUILT
@given(text=TEXTS)
def test_any_text_compares_with_itself_only_in_postgresql(text: str, ask_postgres: Ask) -> None:
    _compares_with_itself(ask_postgres, text)


@pytest.mark.parametrize(
    ("pattern", "amount"), [("a%", 7), ("a_", 6), ("a\\%", 2), ("%'%", 4), ("{{%", 8), ("a", None)]
)
def test_patterns_mean_the_same(
    pattern: str, amount: int | None, ask_duckdb: Ask, ask_postgres: Ask
) -> None:
    statuses = ["abc", "a\\", "a'", "{{ 1 }}", None]
    for ask in (ask_duckdb, ask_postgres):
        assert ask(statuses, Pattern(STATUS, pattern)) == amount


def test_a_missing_value_is_neither_equal_nor_unequal(ask_duckdb: Ask) -> None:
    statuses = ["a", "b", None]
    for text, amount in [
        ("order__status != 'a'", 2),
        ("not order__status = 'a'", 2),
        ("order__status is null", 4),
        ("order__status is not null", 3),
        ("order__status = 'a' or order__status is null", 5),
        ("(order__status = 'a' or order__status = 'b') and order = 1", 2),
        ("order__status not in ('a') or order in (0, 2) and not order = 0", 6),
    ]:
        assert ask_duckdb(statuses, parse_filter(text)) == amount, text


def test_values_as_sql() -> None:
    assert render_value(value=True) == "TRUE"
    assert render_value(-3) == "-3"
    assert render_value(Decimal("1E+3")) == "1000"
    assert render_value(Decimal("-0.10")) == "-0.10"
    assert render_value(dt.date(2024, 1, 31)) == "CAST('2024-01-31' AS DATE)"
    noon = dt.datetime(2024, 1, 31, 12)
    assert render_value(noon) == "CAST('2024-01-31 12:00:00' AS TIMESTAMP)"
    assert render_value("it's {") == "('it''s ' || CHR(123))"


def test_a_filter_stands_in_parentheses() -> None:
    assert render_filter(parse_filter("a or b"), RenderOptions()) == (
        "(({{ Dimension('a') }}) OR ({{ Dimension('b') }}))"
    )


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=ascii)
def test_what_no_text_can_hold_is_refused(text: str) -> None:
    with pytest.raises(MetricsStoreError, match="no text can have"):
        Comparison(STATUS, Operator.EQUAL, text)
