"""Conditions on the values of metrics."""

from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Constant
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.plans.value_conditions import split_conditions


def _asked(where: str, limit: int | None = None) -> MetricRequest:
    return MetricRequest(
        ["fees", "rides"],
        ["ride__kind"],
        where=parse_filter(where),
        limit=limit,
        aliases=[("fees", "money")],
    )


def test_what_is_of_rows_stays_and_what_is_of_values_goes_around() -> None:
    request = _asked("ride__kind != 'cargo' and (fees > 5 or rides in (1, 2)) and not rides = 3", 4)
    rest, condition = split_conditions(request)
    assert rest == MetricRequest(
        ["fees", "rides"],
        ["ride__kind"],
        where=parse_filter("ride__kind != 'cargo'"),
        aliases=[("fees", "money")],
    )
    assert condition is not None
    assert condition.applied_to("SELECT 1\nORDER BY ride__kind", "duckdb").splitlines() == [
        "SELECT * FROM (",
        "SELECT 1",
        ") AS answer",
        "WHERE (((money > 5) OR (rides IN (1, 2))) AND (NOT (rides = 3)))",
        "ORDER BY ride__kind",
        "LIMIT 4",
    ]


@pytest.mark.parametrize(
    "where", ["ride__kind = 'city'", "{{ Metric('fees', ['rider']) }} > 5", "1 = 1"]
)
def test_all_else_stays_as_it_is(where: str) -> None:
    request = _asked(where, 4)
    assert split_conditions(request) == (request, None)


def test_of_values_alone_nothing_stays_for_the_rows() -> None:
    rest, condition = split_conditions(_asked("money is not null and coalesce(rides, 0) >= 1.5"))
    assert rest.where is None
    assert condition is not None
    assert condition.condition != Constant(holds=True)


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("fees > 5 or ride__kind = 'city'", "by OR or NOT"),
        ("not (fees > 5 and ride__kind = 'city')", "by OR or NOT"),
        ("fees > 'much'", "fees is a number"),
        ("fees = true", "fees is a number"),
        ("fees like '5%'", "fees is a number"),
        ("lower(fees) = 5", "fees is a number"),
        ("coalesce(fees, 'none') = 5", "fees is a number"),
        ("fees > date '2024-01-01'", "fees is a number"),
    ],
)
def test_what_cannot_be_compared(where: str, what: str) -> None:
    with pytest.raises(MetricsStoreError, match=what):
        split_conditions(_asked(where))
