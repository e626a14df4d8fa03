"""A filter's text becomes a tree, or is refused with the reason and the place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import (
    All,
    Any,
    Comparison,
    Filter,
    Kind,
    Membership,
    Missing,
    Name,
    Not,
    Operator,
    Pattern,
    Range,
    Truth,
    Value,
)
from metrics_store.query.filters.parser.filter_parser import parse_filter, parse_filters

A = Name("a")
B = Name("b")
TEAM = Name("owner__team", Kind.DIMENSION)


def _is(name: Name, value: Value) -> Comparison:
    return Comparison(name, Operator.EQUAL, value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{{ Dimension('owner__team') }} = 'EMEA'", _is(TEAM, "EMEA")),
        ("{{Dimension(\"owner__team\")}}='EMEA'", _is(TEAM, "EMEA")),
        ("{{ Dimension('team', entity_path=['owner']) }} = 'EMEA'", _is(TEAM, "EMEA")),
        ("{{ Dimension(name='team', entity_path=('owner',)) }} = 'EMEA'", _is(TEAM, "EMEA")),
        (
            "{{ TimeDimension('metric_time', 'MONTH') }} >= '2024-01-01'",
            Comparison(
                Name("metric_time", Kind.TIME_DIMENSION, "month"),
                Operator.GREATER_OR_EQUAL,
                "2024-01-01",
            ),
        ),
        (
            "{{ Dimension('metric_time').grain('week') }} IS NULL",
            Missing(Name("metric_time", Kind.TIME_DIMENSION, "week")),
        ),
        ("{{ Entity('order') }} in (1, -2)", Membership(Name("order", Kind.ENTITY), (1, -2))),
        ("order = 3", _is(Name("order"), 3)),
        ("A = 'x'", _is(A, "x")),
        ("a = 'it''s'", _is(A, "it's")),
        ("a = '{{ 1 }} -- ;'", _is(A, "{{ 1 }} -- ;")),
        ("a = 'b\\'", _is(A, "b\\")),
        ("a = -1.50", _is(A, Decimal("-1.50"))),
        ("a = TRUE", _is(A, value=True)),
        ("a = date '2024-02-29'", _is(A, dt.date(2024, 2, 29))),
        ("a = timestamp '2024-02-29 10:30'", _is(A, dt.datetime(2024, 2, 29, 10, 30))),
        ("a <> 1", Comparison(A, Operator.NOT_EQUAL, 1)),
        ("a != 1", Comparison(A, Operator.NOT_EQUAL, 1)),
        ("a < 1", Comparison(A, Operator.LESS, 1)),
        ("a <= 1", Comparison(A, Operator.LESS_OR_EQUAL, 1)),
        ("a > 1", Comparison(A, Operator.GREATER, 1)),
        ("a between 1 and 2 and b", All((Range(A, 1, 2), Truth(B)))),
        ("a not between 1 and 2", Not(Range(A, 1, 2))),
        ("a not in('x','y')", Not(Membership(A, ("x", "y")))),
        ("a like 'x%'", Pattern(A, "x%")),
        ("a not like 'x%'", Not(Pattern(A, "x%"))),
        ("a is not null", Not(Missing(A))),
        ("not a", Not(Truth(A))),
        ("a or b and not a", Any((Truth(A), All((Truth(B), Not(Truth(A))))))),
        ("(a or b) and a", All((Any((Truth(A), Truth(B))), Truth(A)))),
    ],
)
def test_what_filters_can_say(text: str, tree: Filter) -> None:
    assert parse_filter(text) == tree


REFUSED = [
    ("", "no condition", ""),
    ("  \n", "no condition", ""),
    ("reverse(a) = 'x'", "calls a function", "character 1 "),
    ("a = 'x' and\n reverse(b) = 'X'", "calls a function", "character 14 "),
    ("a = read_text('/etc/hostname')", "no plain value", "character 5 "),
    ("a = current_timestamp", "no plain value", ""),
    ("a = interval '1 day'", "no plain value", ""),
    ("cast(a as int) = 1", "", ""),
    ("a = (select 1)", "", ""),
    ("a in (select b from c)", "", ""),
    ("a = all (select 1)", "", ""),
    ("exists(select 1)", "", ""),
    ("a = 1 union select 2", "", ""),
    ("1=1) union select 1 --", "no comments", "character 21 "),
    ("a = 1) or (1 = 1", "", ""),
    ("select 1", "", ""),
    ("a = 'x' -- b", "no comments", "character 9 "),
    ("a /* b */ = 'x'", "no comments", "character 3 "),
    ("a = 1; drop table b", "semicolons", "character 6 "),
    ("a = $1", "such a character", "character 5 "),
    ("a = $$x$$", "such a character", "character 5 "),
    ("a = @x", "such a character", "character 5 "),
    ("a = `x`", "such a character", "character 5 "),
    ("a = ?", "no plain value", ""),
    ("a = :x", "no plain value", ""),
    ("a = %s", "", ""),
    ('"a" = 1', "double quotes", "character 1 "),
    ("a = 'x", "not closed", "character 5 "),
    ("a = 'x' 'y'", "side by side", "character 9 "),
    ("a = E'x\\n'", "", ""),
    ("a = x'41'", "", ""),
    ("a = n'x'", "", ""),
    ("a = b", "no plain value", "character 5 "),
    ("a || b = 'x'", "", "character 1 "),
    ("a + 1 = 2", "", "character 1 "),
    ("null", "", ""),
    ("a = null", "nothing equals NULL", "character 1 "),
    ("a in (1, null)", "nothing equals NULL", ""),
    ("a is true", "", "character 1 "),
    ("a is distinct from 'x'", "", "character 1 "),
    ("a like 'x' escape '!'", "", "character 1 "),
    ("a like 1", "LIKE needs a text", "character 8 "),
    ("a like any ('x', 'y')", "", ""),
    ("a between symmetric 1 and 2", "", ""),
    ("a in ()", "", ""),
    ("a in (1, b)", "no plain value", "character 10 "),
    ("t.a = 'x'", "", "character 1 "),
    ("a.b.c", "", "character 1 "),
    ("a[1] = 1", "", "character 1 "),
    ("a -> 'x' = 1", "", "character 1 "),
    ("a = 'x' b", "", "character 1 "),
    ("a as b", "", ""),
    ("a, b", "", ""),
    ("a = 'x' limit 1", "", ""),
    ("a = 'x' collate c", "no plain value", "character 5 "),
    ("a = 1e5", "cannot be read", "character 5 "),
    ("a = 0x10", "", ""),
    ("a = " + "9" * 39, "too many digits", ""),
    ("a = " + "9" * 99, "cannot be read", "character 5 "),
    ("a = date '2024-02-30'", "day that there is not", ""),
    ("a = timestamp '2024-01-01T00:00:00+02:00'", "has a zone", ""),
    ("é = 1", "", ""),
    ("case when a then b end", "", ""),
    ("{{ Metric('x', group_by='a') }} > 1", "no name", "character 1 "),
    ("{{ Metric('x', ['a']).grain('day') }} > 1", "no name", "character 1 "),
    ("a and {{ Metric('x') }} > 1", "needs entities", "character 7 "),
    ("{{ Dimension('a') }} {{ Dimension('b') }}", "", ""),
    ("{{ Dimension('a') }}.b = 1", "", ""),
    ("{{ Dimension('a' + 'b') }}", "no name", "character 1 "),
    ("{{ Dimension(f'a') }}", "no name", "character 1 "),
    ("{{ Dimension('a', b='c') }}", "no name", "character 1 "),
    ("{{ Dimension('a').grain('x').grain('y') }}", "no name", "character 1 "),
    ("{{ Dimension('a').date_part('x') }}", "no name", "character 1 "),
    ("{{ Dimension() }}", "no name", "character 1 "),
    ("{{ Dimension(*['a']) }}", "no name", "character 1 "),
    ("{{ Dimension(**{'name': 'a'}) }}", "brace", "character 1 "),
    ("{{ Dimension.__class__ }}", "no name", "character 1 "),
    ("{{ Dimension('a', ['b'], 'c') }}", "no name", "character 1 "),
    ('{{ Dimension("a\') }} or (1=1") }}', "characters that names", "character 1 "),
    ("{{ Dimension('a b') }}", "characters that names", "character 1 "),
    ("{{ __import__('os').system('id') }}", "no name", "character 1 "),
    ("{{ Dimension('" + "(" * 600 + "') }}", "no name", "character 1 "),
    ("{{ " + "(" * 400 + ") }}", "no name", "character 1 "),
    ("{{ 1 }} = 1", "no name", "character 1 "),
    ("{{ }}", "no name", "character 1 "),
    ("{{ Dimension('a') }", "brace", "character 1 "),
    ("a }} = 1", "brace", "character 3 "),
    ("{% if true %} a {% endif %}", "brace", "character 1 "),
    ("{# x #} a", "brace", "character 1 "),
    ("not " * 5_000 + "a", "too long", ""),
    ("not " * 2_000 + "a", "too deeply", "character 161 "),
    ("(" * 3_000 + "a", "too deeply", "character 41 "),
    ("a = " + "-" * 3_000 + "1", "no comments", ""),
    ("a = " + "- " * 3_000 + "1", "too deeply", ""),
]


@pytest.mark.parametrize(("text", "reason", "place"), REFUSED, ids=lambda value: str(value)[:40])
def test_anything_else_is_refused(text: str, reason: str, place: str) -> None:
    with pytest.raises(MetricsStoreError, match=reason or None) as refused:
        parse_filter(text)
    assert refused.value.where.startswith(place)
    assert len(str(refused.value)) < 500


def test_a_long_chain_is_no_deep_one() -> None:
    tree = parse_filter(" and ".join(["a"] * 1_000))
    assert tree == All((Truth(A),) * 1_000)


def test_several_texts_must_all_hold() -> None:
    assert parse_filters([]) is None
    assert parse_filters(["a"]) == Truth(A)
    assert parse_filters(["a or b", "b"]) == All((Any((Truth(A), Truth(B))), Truth(B)))


def test_control_characters_do_not_reach_a_terminal() -> None:
    with pytest.raises(MetricsStoreError) as refused:
        parse_filter("\x1b[31m = 1")
    assert "\x1b" not in str(refused.value)
