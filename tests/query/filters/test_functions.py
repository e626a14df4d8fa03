"""Functions of names mean the same in Python and on both engines, row by row."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics_store.errors import MetricsStoreError
from metrics_store.query.dialects.dialect import Folding
from metrics_store.query.filters import letter_case
from metrics_store.query.filters.filter_checker import check_filter
from metrics_store.query.filters.filter_json import from_json, to_json
from metrics_store.query.filters.filter_tree import (
    All,
    Applied,
    Comparison,
    Constant,
    Default,
    Filter,
    Function,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Operator,
    Pattern,
    Range,
    Truth,
)
from metrics_store.query.filters.filter_tree import (
    Any as Either,
)
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.plans.plan_parameters import extract_parameters

if TYPE_CHECKING:
    from query.filters.conftest import Ask

pytestmark = pytest.mark.xdist_group("shop")

A = Name("a")
TIME = Name("metric_time", Kind.TIME_DIMENSION, compared="day")
DAY = Name("metric_time", Kind.TIME_DIMENSION, "day")
MONTH = Name("metric_time", Kind.TIME_DIMENSION, "month")
STATUSES = ["Paid", " paid ", "ÄPFEL", "İß", None, "\u00a0paid", "ǆ_%", "ΣΑΣ"]


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("lower({{ Dimension('order__status') }}) = 'paid'", [0]),
        ("lower(trim(order__status)) = lower('PAID')", [0, 1]),
        # Spaces and nothing but spaces are trimmed.
        ("trim(order__status) = '\u00a0paid'", [5]),
        ("lower(order__status) = 'äpfel'", [2]),
        ("lower(order__status) in ('iß', '\u03c3\u03b1\u03c3')", [3, 7]),
        ("upper(order__status) = 'İẞ' or upper(order__status) = 'Ǆ_%'", [3, 6]),
        ("order__status ilike 'Ä%'", [2]),
        ("order__status ilike '%PAID%'", [0, 1, 5]),
        # What has no value is neither like nor unlike.
        ("order__status not ilike '%paid%'", [2, 3, 6, 7]),
        ("lower(order__status) is null", [4]),
        ("coalesce(order__status, 'none') = 'none'", [4]),
        ("lower(coalesce(order__status, 'NONE')) = 'none'", [4]),
        ("coalesce(lower(order__status), 'x') between 'paid' and 'paid'", [0]),
        ("cast(order__status as text) = 'Paid'", [0]),
        ("cast({{ Entity('order') }} as varchar) = '3'", [3]),
        ("{{ Entity('order') }}::text like '1%'", [1]),
        ("order = 60 * 2 / 24 - 1", [4]),
        ("3 >= order and order <> 5/5", [0, 2, 3]),
        ("1 = 1", range(8)),
        ("true and order = 2", [2]),
        ("order = 2 or 1 = 1", range(8)),
        ("1 = 0", []),
        ("not (order = 2 and false)", range(8)),
        ("order = 2 or date '2024-01-31' < date '2023-01-01'", [2]),
    ],
)
def test_both_engines_take_the_same_rows(
    text: str, orders: list[int], ask_duckdb: Ask, ask_postgres: Ask
) -> None:
    right = sum(2**number for number in orders) or None
    assert ask_duckdb(STATUSES, parse_filter(text)) == right
    assert ask_postgres(STATUSES, parse_filter(text)) == right


@pytest.mark.slow
def test_every_letter_is_folded_alike(postgres_server: dict[str, Any]) -> None:
    codes = [code for code in range(1, 0x1F000) if not 0xD800 <= code <= 0xDFFF]
    right = [(letter_case.lower(chr(code)), letter_case.upper(chr(code))) for code in codes]
    with duckdb.connect() as connection:
        sql = "select lower(chr(code)), upper(chr(code)) from (select unnest(?) as code)"
        assert connection.execute(sql, [codes]).fetchall() == right
    small = letter_case.folded("chr(code)", Folding.LOCALE, capital=False)
    capital = letter_case.folded("chr(code)", Folding.LOCALE, capital=True)
    with psycopg.connect(**postgres_server) as connection:
        sql = f"select {small}, {capital} from unnest(%s::int[]) as codes(code)"
        assert connection.execute(sql, [codes]).fetchall() == right


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("lower(a) = 'x'", Comparison(Applied(Function.LOWER, A), Operator.EQUAL, "x")),
        ("a ilike 'É%'", Pattern(Applied(Function.LOWER, A), "é%")),
        ("coalesce(a, false)", Truth(Default(A, value=False))),
        ("extract(year from a) = 24", Comparison(Applied(Function.YEAR, A), Operator.EQUAL, 24)),
        ("dayofyear(a) = 1", Comparison(Applied(Function.DAY_OF_YEAR, A), Operator.EQUAL, 1)),
        ("extract(ISODOW from a) in (6)", Membership(Applied(Function.ISO_DAY_OF_WEEK, A), (6,))),
        ("a::timestamp is null", Missing(A)),
        ("date_trunc('month', {{ Dimension('metric_time') }}) is null", Missing(MONTH)),
        ("date_trunc('month', metric_time__day) is null", Missing(MONTH)),
        ("cast(metric_time as date) is null", Missing(DAY)),
        ("date(metric_time) is null", Missing(DAY)),
        ("5 < a", Comparison(A, Operator.GREATER, 5)),
        ("a = cast('5' as bigint)", Comparison(A, Operator.EQUAL, 5)),
        ("a = '1.50'::decimal", Comparison(A, Operator.EQUAL, Decimal("1.50"))),
        ("a = upper('ß')", Comparison(A, Operator.EQUAL, "ẞ")),
        ("a = 7 / 2", Comparison(A, Operator.EQUAL, Decimal("3.5"))),
        ("year = 1", Comparison(Name("year"), Operator.EQUAL, 1)),
        ("text = 'as'", Comparison(Name("text"), Operator.EQUAL, "as")),
    ],
)  # fmt: skip
def test_what_functions_become(text: str, tree: Filter) -> None:
    assert parse_filter(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "concat(a, 'b') = 'x'",
        "cast(a as varchar(3)) = 'x'",
        "try_cast(a as date) is null",
        "a::json = 'x'",
        "ltrim(a) = 'x'",
        "trim(both 'x' from a) = 'x'",
        "extract(epoch from a) = 1",
        "extract(year from date '2024-01-01') = 2024",
        "coalesce(a, b) = 1",
        "coalesce(a, 1, 2) = 1",
        "coalesce(a) = 1",
        "date_trunc('month', metric_time__week) = '2024-01-01'",
        "date_trunc('day', metric_time__month) = '2024-01-01'",
        "date_trunc('month', lower(a)) = '2024-01-01'",
        "date({{ Entity('order') }}) = '2024-01-01'",
        "a = 1 / 3",
        "a = 1 / 0",
        "a = 'x' + 1",
        "a = 99999999999999999999 * 99999999999999999999",
        "a = cast('x' as int)",
        "a = cast(5 as text)",
        "'a' < 'b'",
        "1 = '1'",
        "1",
        "lower('a')",
        "lower(" * 9 + "a" + ")" * 9 + " = 'x'",
    ],
)
def test_other_functions_are_refused(text: str) -> None:
    with pytest.raises(MetricsStoreError):
        parse_filter(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("lower(metric_time) = 'x'", "a time is no text"),
        ("cast(metric_time as text) = '2024'", "a time is no text"),
        ("year(a) = 2024", "a is no time"),
        ("year(metric_time) = '2024'", "is a number and is compared"),
        ("year(metric_time) like '20%'", "a number has no pattern"),
        ("lower(year(metric_time)) = 'x'", "a number is no text"),
        ("lower(a) = 5", "is a text and is compared"),
        ("coalesce(lower(a), 5) = 'x'", "is a text and is compared"),
        ("coalesce(metric_time, 'never') = 'x'", "is a time and is compared"),
        ("coalesce(metric_time, '2024-01-01')", "a time is neither true nor false"),
    ],
)
def test_functions_take_what_they_are_of(text: str, what: str) -> None:
    with pytest.raises(MetricsStoreError, match=what):
        check_filter(parse_filter(text), lambda name, _: TIME if name.path == TIME.path else name)


_names = st.sampled_from([A, Name("b__c", Kind.DIMENSION), Name("m", Kind.TIME_DIMENSION, "day")])
_values = st.text("aÄ'{%\\", max_size=4) | st.integers(-9, 9) | st.booleans() | st.dates()
_terms = st.recursive(
    _names,
    lambda inner: (
        st.builds(Applied, st.sampled_from(Function), inner) | st.builds(Default, inner, _values)
    ),
    max_leaves=4,
)
_predicates = (
    st.builds(Comparison, _terms, st.sampled_from(Operator), _values)
    | st.builds(Membership, _terms, st.lists(_values, min_size=1, max_size=3).map(tuple))
    | st.builds(Range, _terms, _values, _values)
    | st.builds(Pattern, _terms, st.text("a%_Ä", max_size=4))
    | st.builds(Missing, _terms)
    | st.builds(Truth, _terms)
)
_filters = st.recursive(
    _predicates,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Either(tuple(parts)))
        | st.builds(Not, inner)
    ),
    max_leaves=5,
) | st.builds(Constant, st.booleans())


@given(_filters)
def test_json_and_lifting_keep_every_tree(tree: Filter) -> None:
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree
    lifted, values = extract_parameters(tree)
    again, none = extract_parameters(lifted)
    assert len(none) == len(values)
    assert lifted == again
