"""Queries that clients come back for: whose they are, how many, how long."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from metrics_store.access.principal import Principal
from metrics_store.engine.answer import Answer
from metrics_store.errors import (
    CancelledError,
    LimitExceededError,
    MetricsStoreError,
    NotFoundError,
)
from metrics_store.serve.polled_queries import Limits, PolledQueries
from serve.endless_engine import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.engine.call import Call

ANA, BEN = Principal("ana"), Principal("ben")


def answer(rows: int = 1) -> Callable[[Call], Answer]:
    table = pa.table({"number": list(range(rows))})
    return lambda call: Answer(table, "select", "0", call.request_id)


class Held:
    """Work that goes on until it is let go or cancelled."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.end = threading.Event()

    def __call__(self, call: Call) -> Answer:
        call.stop_with(self.end.set)
        self.begun.set()
        assert self.end.wait(PATIENCE)
        if call.cancelled:
            raise CancelledError("the question was cancelled")
        return answer()(call)


def test_a_query_goes_through_its_states() -> None:
    queries = PolledQueries(Limits(running=1))
    held = Held()
    first = queries.begin(ANA, held)
    assert held.begun.wait(PATIENCE)
    second = queries.begin(ANA, answer())
    assert (first.status, second.status) == ("RUNNING", "PENDING")
    held.end.set()
    assert second.done.wait(PATIENCE)
    assert (first.status, second.status) == ("SUCCESSFUL", "SUCCESSFUL")


def test_a_running_query_is_cancelled() -> None:
    queries = PolledQueries()
    held = Held()
    query = queries.begin(ANA, held)
    assert held.begun.wait(PATIENCE)
    queries.cancel(ANA, query.query_id)
    assert query.done.wait(PATIENCE)
    assert (query.status, query.error) == ("FAILED", "the question was cancelled")


def test_a_waiting_query_is_cancelled_before_it_begins() -> None:
    queries = PolledQueries(Limits(running=1))
    held, never = Held(), Held()
    queries.begin(ANA, held)
    waiting = queries.begin(ANA, never)
    queries.cancel(ANA, waiting.query_id)
    held.end.set()
    assert waiting.done.wait(PATIENCE)
    assert waiting.status == "FAILED"
    assert not never.begun.is_set()


def test_a_finished_query_keeps_its_rows_when_cancelled() -> None:
    queries = PolledQueries()
    query = queries.begin(ANA, answer())
    assert query.done.wait(PATIENCE)
    queries.cancel(ANA, query.query_id)
    assert queries.find(ANA, query.query_id).status == "SUCCESSFUL"


def test_nobody_finds_what_is_not_theirs() -> None:
    queries = PolledQueries()
    query = queries.begin(ANA, answer())
    other_ana = Principal("ana", attributes={"teams": ("EMEA",)})
    for principal in (BEN, other_ana, Principal("ana", frozenset({"admins"}))):
        with pytest.raises(NotFoundError):
            queries.find(principal, query.query_id)
        with pytest.raises(NotFoundError):
            queries.cancel(principal, query.query_id)


def test_a_result_that_nobody_asks_for_is_dropped() -> None:
    queries = PolledQueries(Limits(kept_seconds=0))
    held = Held()
    query = queries.begin(ANA, held)
    with pytest.raises(NotFoundError):
        queries.find(ANA, query.query_id)
    assert query.call.cancelled


def test_the_oldest_results_of_one_make_room_for_newer_ones() -> None:
    queries = PolledQueries(Limits(of_one=2))
    first, second = (queries.begin(ANA, answer()) for _ in range(2))
    other = queries.begin(BEN, answer())
    for query in (first, second, other):
        assert query.done.wait(PATIENCE)
    queries.find(ANA, first.query_id)
    third = queries.begin(ANA, answer())
    for kept in (first, third):
        assert queries.find(ANA, kept.query_id)
    assert queries.find(BEN, other.query_id)
    with pytest.raises(NotFoundError):
        queries.find(ANA, second.query_id)


def test_one_has_only_so_many_queries_under_way() -> None:
    queries = PolledQueries(Limits(of_one=2))
    held = [Held(), Held()]
    for one in held:
        queries.begin(ANA, one)
    with pytest.raises(LimitExceededError):
        queries.begin(ANA, answer())
    queries.begin(BEN, answer())
    for one in held:
        one.end.set()


def test_large_results_drop_the_ones_that_were_asked_for_the_longest_ago() -> None:
    queries = PolledQueries(Limits(results_bytes=2_000))
    found = []
    for _ in range(3):
        found.append(queries.begin(ANA, answer(rows=100)))
        assert found[-1].done.wait(PATIENCE)
    queries.begin(BEN, answer(rows=100)).done.wait(PATIENCE)
    queries.close()
    kept = [query for query in found if query.query_id in queries._queries]
    assert kept == found[2:]


def test_a_result_larger_than_all_room_is_kept_until_the_next() -> None:
    queries = PolledQueries(Limits(results_bytes=10))
    query = queries.begin(ANA, answer(rows=100))
    assert query.done.wait(PATIENCE)
    assert queries.find(ANA, query.query_id).answer is not None


def test_what_only_we_may_know_is_not_told() -> None:
    def refused(_: Call) -> Answer:
        raise MetricsStoreError("the warehouse could not answer", detail="/var/secret")

    query = PolledQueries().begin(ANA, refused)
    assert query.done.wait(PATIENCE)
    assert query.error == "the warehouse could not answer"


def test_whatever_fails_is_told_without_its_insides() -> None:
    def broken(_: Call) -> Answer:
        raise RuntimeError("/etc/secret")

    queries = PolledQueries()
    query = queries.begin(ANA, broken)
    assert query.done.wait(PATIENCE)
    assert query.status == "FAILED"
    assert query.error == (
        f"something went wrong in the server; the request is {query.call.request_id}"
    )


def test_all_stops_when_it_is_closed() -> None:
    queries = PolledQueries()
    held = Held()
    query = queries.begin(ANA, held)
    assert held.begun.wait(PATIENCE)
    queries.close()
    assert query.done.wait(PATIENCE)
    assert query.status == "FAILED"
