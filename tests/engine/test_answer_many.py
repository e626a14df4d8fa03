"""Several requests at once are answered as each alone, by as few statements as can be."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.engine.answer import Answer
from metrics_store.engine.call import Call
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import load_target
from metrics_store.query.forms.request_form import read_conditions
from metrics_store.query.metric_request import MetricRequest
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from metrics_store.engine.observer import FinishedRequest
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("market")

# Of one semantic model, some of them with NULL for groups that have rows.
ALIKE = ["revenue", "orders_placed", "buyers", "largest_order", "average_order", "orders_paid"]
ALIKE += ["median_order", "revenue_per_buyer"]
# Of other rows, each for another reason.
OTHERS = ["revenue_paid", "revenue_every_day", "stock", "revenue_to_date", "web_share"]
WEB = "order__channel = 'web'"
ASKED = [
    ((), None),
    (("metric_time__month",), WEB),
    (("metric_time__quarter", "customer__region"), None),
]


class Records:
    """Keeps the requests that an engine has finished."""

    def __init__(self) -> None:
        self.finished_requests: list[FinishedRequest] = []

    def finished(self, event: FinishedRequest) -> None:
        self.finished_requests.append(event)


@pytest.fixture(params=sorted(TARGETS))
def engine(
    request: pytest.FixtureRequest, market: SmallProject, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    for name, value in market.environment.items():
        monkeypatch.setenv(name, value)
    target = load_target(market.directory, TARGETS[request.param])
    found = Engine(target, EngineSettings(result_bytes=0), [Records()])
    yield found
    found.close()


def _answered(
    engine: Engine, requests: Sequence[MetricRequest]
) -> list[Answer | MetricsStoreError]:
    return engine.answer_many([(request, Call("test")) for request in requests], LOCAL)


def _alone(engine: Engine, request: MetricRequest) -> Answer | MetricsStoreError:
    try:
        return engine.answer(request, LOCAL)
    except MetricsStoreError as error:
        return error


def _rows(table: pa.Table) -> list[dict[str, object]]:
    # Floats may be summed in another order.
    return [
        {key: round(value, 9) if isinstance(value, float) else value for key, value in row.items()}
        for row in table.to_pylist()
    ]


def _assert_alike(
    found: Sequence[Answer | MetricsStoreError], alone: Sequence[Answer | MetricsStoreError]
) -> None:
    for one, other in zip(found, alone, strict=True):
        if isinstance(one, MetricsStoreError) or isinstance(other, MetricsStoreError):
            assert (str(one), type(one)) == (str(other), type(other))
            continue
        assert one.table.schema.equals(other.table.schema, check_metadata=True)
        assert _rows(one.table) == _rows(other.table)
        assert one.warnings == other.warnings


def test_each_is_answered_as_it_is_alone(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    requests = [
        MetricRequest([metric], group_by, where=read_conditions([where] if where else []))
        for group_by, where in ASKED
        for metric in (*ALIKE, *OTHERS)
    ]
    alone = [_alone(engine, request) for request in requests]
    caplog.set_level(logging.DEBUG, "metrics_store.engine")
    found = _answered(engine, requests)
    _assert_alike(found, alone)
    # A statement for all that are alike, and one for each of the others that has an answer.
    executed = sum(record.message == "statement" for record in caplog.records)
    others = [
        request
        for one, request in zip(alone, requests, strict=True)
        if isinstance(one, Answer) and request.metrics[0] in OTHERS
    ]
    assert executed == len(ASKED) + len(others)


def test_what_differs_otherwise_is_not_mixed_up(engine: Engine) -> None:
    by_month = ("metric_time__month",)
    requests = [
        MetricRequest(["revenue"], by_month),
        MetricRequest(["orders_placed"], by_month, limit=2),
        MetricRequest(["orders_placed"], by_month, order_by=["-orders_placed"]),
        MetricRequest(["orders_placed", "buyers"], by_month, order_by=["-metric_time__month"]),
        MetricRequest(["largest_order"], by_month, order_by=["-metric_time__month"]),
        MetricRequest(["buyers", "buyers"], by_month),
        MetricRequest(["no_such_metric"], by_month),
        MetricRequest(["buyers"], ["no_such_dimension"]),
        MetricRequest(saved_query="revenue_by_region"),
        MetricRequest(["revenue"], by_month),
    ]
    alone = [_alone(engine, request) for request in requests]
    _assert_alike(_answered(engine, requests), alone)
    assert [isinstance(one, Answer) for one in alone] == [
        *([True] * 5),
        *([False] * 3),
        True,
        True,
    ]


def test_each_is_reported_once(engine: Engine) -> None:
    requests = [MetricRequest([metric], ["order__status"]) for metric in (*ALIKE, "no_metric")]
    [records] = engine._calls._observers
    assert isinstance(records, Records)
    for _ in range(2):
        records.finished_requests.clear()
        _answered(engine, requests)
        reported = [(event.request, event.outcome) for event in records.finished_requests]
        assert reported == [
            *((request, "ok") for request in requests[:-1]),
            (requests[-1], "invalid_request"),
        ]
