"""Filters as JSON say the same as filters as text, and nothing more."""

from __future__ import annotations

import json

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_json import from_json, to_json
from metrics_store.query.filters.filter_tree import Name, Pattern
from metrics_store.query.filters.parser.filter_parser import parse_filter

NAME = {"dimension": "a"}


@pytest.mark.parametrize(
    "text",
    [
        "{{ Dimension('owner__team') }} = 'it''s {{ 1 }}'",
        "{{ TimeDimension('metric_time', 'month') }} >= date '2024-01-01'",
        "{{ Entity('order') }} in (1, -2.50, true) or not a like 'x%'",
        "a between timestamp '2024-01-01 10:00' and date '2024-01-02' and a is not null and b",
    ],
)
def test_json_gives_back_the_tree(text: str) -> None:
    tree = parse_filter(text)
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@pytest.mark.parametrize("escaped", [True, False])
def test_a_pattern_says_whether_it_has_escapes(*, escaped: bool) -> None:
    tree = Pattern(Name("a"), "100!%", escaped)
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


def _nested(depth: int) -> object:
    condition: object = {"is_true": {"name": NAME}}
    for _ in range(depth):
        condition = {"not": condition}
    return condition


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {},
        "a = 1",
        {"and": []},
        {"and": [{"is_true": {"name": NAME}}], "or": []},
        {"sql": "1 = 1"},
        {"not": []},
        {"is_true": {"name": "a"}},
        {"is_true": {"name": NAME, "sql": "x"}},
        {"is_true": {"name": {"dimension": "a) or (1=1"}}},
        {"is_true": {"name": {"dimension": "a' }}"}}},
        {"is_true": {"name": {"metric": "a"}}},
        {"is_true": {"name": {"entity": "a", "grain": "month"}}},
        {"is_true": {"name": {"time_dimension": "a", "grain": "month') }}"}}},
        {"is_true": {"name": {"dimension": ["a"]}}},
        {"compare": {"name": NAME, "operator": "= 1 or 1 =", "value": 1}},
        {"compare": {"name": NAME, "operator": "=", "value": None}},
        {"compare": {"name": NAME, "operator": "=", "value": {"sql": "now()"}}},
        {"compare": {"name": NAME, "operator": "=", "value": {"date": "now()"}}},
        {"compare": {"name": NAME, "operator": "=", "value": {"decimal": "NaN"}}},
        {"compare": {"name": NAME, "operator": "=", "value": {"decimal": "1e999999"}}},
        {"compare": {"name": NAME, "operator": "=", "value": {"decimal": "x"}}},
        {"compare": {"name": NAME, "operator": "=", "value": float("inf")}},
        {"compare": {"name": NAME, "operator": "=", "value": 10**5000}},
        {"compare": {"name": NAME, "operator": "=", "value": "\0"}},
        {"compare": {"name": NAME, "operator": "=", "value": "\ud800"}},
        {"in": {"name": NAME, "values": []}},
        {"in": {"name": NAME, "values": "abc"}},
        {"like": {"name": NAME, "pattern": 1}},
        {"like": {"name": NAME, "pattern": "x", "escaped": 1}},
        {"like": {"name": NAME, "pattern": "x", "escape": True}},
        _nested(10_000),
        _nested(41),
    ],
)
def test_other_json_is_refused(given: object) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        from_json(given)
    assert len(str(refused.value)) < 500


def test_the_deepest_json() -> None:
    assert to_json(from_json(_nested(40))) == _nested(40)
