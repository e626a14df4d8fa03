"""One way for every request: planned once, limited, told of, and right in any number of threads."""

from __future__ import annotations

import contextvars
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.engine.call import Call
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import (
    CancelledError,
    LimitExceededError,
    MetricsStoreError,
    UnavailableError,
)
from metrics_store.project.profile import load_target
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.statement import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from engine.conftest import Notes

pytestmark = pytest.mark.xdist_group("shop")

REVENUE = MetricRequest(["revenue"], ["order__status"])


def _status(status: str) -> MetricRequest:
    return MetricRequest(["revenue"], where=parse_filter(f"order__status = '{status}'"))


def test_an_answer(engine: Engine, notes: Notes) -> None:
    call = Call("test", request_id="abc")
    answer = engine.answer(REVENUE, LOCAL, call)
    assert answer.table.to_pylist() == [
        {"order__status": "paid", "revenue": Decimal("35.75")},
        {"order__status": "returned", "revenue": Decimal("99.90")},
    ]
    assert answer.request_id == "abc"
    assert answer.data_version == engine.data_version
    assert engine.compile(REVENUE, LOCAL) == answer.sql
    first, second = notes.events
    assert (first.call, first.outcome, first.rows, first.action) == (call, "ok", 2, "answer")
    assert (second.outcome, second.rows, second.action) == ("ok", None, "compile")


def test_a_question_for_another_value_is_not_planned_again(
    engine: Engine, notes: Notes, shop: Path, tmp_path: Path
) -> None:
    assert engine.answer(_status("paid"), LOCAL).table.to_pylist() == [
        {"revenue": Decimal("35.75")}
    ]
    assert not notes.last.plan_cache_hit
    assert engine.answer(_status("returned"), LOCAL).table.to_pylist() == [
        {"revenue": Decimal("99.90")}
    ]
    assert notes.last.plan_cache_hit
    for month in (1, 2):
        start = dt.datetime(2024, month, 1)
        engine.answer(MetricRequest(["revenue"], start_time=start), LOCAL)
    assert [event.plan_cache_hit for event in notes.events[-2:]] == [False, True]
    # As a process does that starts afterwards.
    settings = EngineSettings(plan_directory=tmp_path / "plans")
    another = Engine(load_target(shop), settings, [notes])
    assert another.answer(_status("none such"), LOCAL).table.to_pylist() == [{"revenue": None}]
    assert notes.last.plan_cache_hit
    another.close()


def test_a_time_that_ends_before_it_starts_is_refused_whatever_was_asked_before(
    engine: Engine,
) -> None:
    january, march = dt.datetime(2024, 1, 1), dt.datetime(2024, 3, 1)
    forward = MetricRequest(["revenue"], start_time=january, end_time=march)
    assert engine.answer(forward, LOCAL, Call("test")).table.num_rows == 1
    backward = MetricRequest(["revenue"], start_time=march, end_time=january)
    for asked in (engine.answer, engine.compile):
        with pytest.raises(MetricsStoreError, match="ends before it starts"):
            asked(backward, LOCAL, Call("test"))
    (found,) = engine.answer_many([(backward, Call("test"))], LOCAL)
    assert isinstance(found, MetricsStoreError)


def test_a_wrong_request_is_told_of(engine: Engine, notes: Notes) -> None:
    with pytest.raises(MetricsStoreError, match="no such metric"):
        engine.answer(MetricRequest(["profit"]), LOCAL)
    assert (notes.last.outcome, notes.last.rows) == ("invalid_request", None)


def test_limits(shop: Path, notes: Notes) -> None:
    small = Engine(load_target(shop), EngineSettings(limits=Limits(rows=1)), [notes])
    with pytest.raises(LimitExceededError):
        small.answer(REVENUE, LOCAL)
    assert notes.last.outcome == "limit_exceeded"
    small.close()


def test_who_is_gone_before_it_begins_is_not_answered(engine: Engine, notes: Notes) -> None:
    call = Call("test")
    call.cancel()
    with pytest.raises(CancelledError):
        engine.answer(REVENUE, LOCAL, call)
    assert notes.last.outcome == "cancelled"


def test_who_waits_for_a_turn_may_go(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(load_target(shop), EngineSettings(at_once=1, limits=Limits(seconds=30)))
    begun, ends = threading.Event(), threading.Event()
    waiting = Call("test")

    with engine._live.leased() as live:
        read = live.executor.read

        def slow(statement: object) -> object:
            begun.set()
            ends.wait(60)
            return read(statement)  # type: ignore[arg-type]

        monkeypatch.setattr(live.executor, "read", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(engine.answer, REVENUE, LOCAL)
        begun.wait(60)
        second = pool.submit(engine.answer, _status("paid"), LOCAL, waiting)
        waiting.cancel()
        with pytest.raises(CancelledError):
            second.result(60)
        ends.set()
        assert first.result(60).table.num_rows == 2
    engine.close()


def test_twenty_threads_get_only_right_answers(engine: Engine) -> None:
    expected = {
        "paid": Decimal("35.75"),
        "returned": Decimal("99.90"),
        "none such": None,
    }

    def ask(number: int) -> None:
        status = list(expected)[number % 3]
        request = MetricRequest(
            ["revenue"],
            limit=1 + number % 40,
            where=parse_filter(f"order__status = '{status}'"),
        )
        assert engine.answer(request, LOCAL).table.to_pylist() == [{"revenue": expected[status]}]

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(ask, range(600)))


def test_what_is_given_again_is_what_was_given(shop: Path, notes: Notes) -> None:
    without = Engine(load_target(shop), EngineSettings(result_bytes=0), [notes])
    cached = Engine(load_target(shop), EngineSettings(), [notes])
    for _ in range(2):
        assert cached.answer(REVENUE, LOCAL).table == without.answer(REVENUE, LOCAL).table
    cached.close()
    without.close()


def test_each_statement_is_logged_under_its_request(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", logger="metrics_store.engine"):
        answer = engine.answer(_status("paid"), LOCAL, Call("test", request_id="ab12"))
    [record] = caplog.records
    assert record.__dict__["fields"] == {"request_id": "ab12", "sql": answer.sql}


def test_an_engine_that_is_stopped_answers_no_more(shop: Path, notes: Notes) -> None:
    engine = Engine(load_target(shop), EngineSettings(), [notes])
    assert engine.answer(REVENUE, LOCAL).table.num_rows == 2
    engine.stop()
    with pytest.raises(UnavailableError, match="stopping"):
        engine.answer(REVENUE, LOCAL)
    engine.close()


def test_planning_leaves_nothing_in_the_context_of_its_thread(engine: Engine) -> None:
    engine.compile(MetricRequest(["revenue"], limit=1), LOCAL)
    before = len(contextvars.copy_context())
    for limit in range(2, 12):
        engine.compile(MetricRequest(["revenue"], limit=limit), LOCAL)
    assert len(contextvars.copy_context()) == before
