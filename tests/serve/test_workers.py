"""A server of two workers: whichever answers, the answer, the limits and the logs are the same."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import requests

from metrics_store.access.authentication.known_tokens import hash_token
from metrics_store.project.profile import load_target
from metrics_store.warehouse.embedded.generations import Warehouse
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from environment import RunMetrics

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("shop")]

ANA, BEN = "ms_the-token-of-ana-of-two-workers", "ms_the-token-of-ben-of-two-workers"
NUMBERS = (1, 2)
REVENUE = "/v1/query?metrics=revenue&group_by=order__status"
CREATE = """mutation ($metric: String!) {
  createQuery(environmentId: 1, metrics: [{name: $metric}]) { queryId } }"""
POLL = """query ($id: String!) {
  query(environmentId: 1, queryId: $id) { status error jsonResult(encoded: false) } }"""
CANCEL = "mutation ($id: String!) { cancelQuery(environmentId: 1, queryId: $id) { queryId } }"


@dataclass(frozen=True)
class Caller:
    """A caller whose connection one worker has taken."""

    server: Serving
    session: requests.Session

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.server.url + path, headers=headers, timeout=60)

    def graphql(self, document: str, **variables: str) -> dict[str, Any]:
        found: dict[str, Any] = self.session.post(
            self.server.url + "/api/graphql",
            json={"query": document, "variables": variables},
            timeout=60,
        ).json()
        return found

    def created(self, metric: str) -> str:
        return str(self.graphql(CREATE, metric=metric)["data"]["createQuery"]["queryId"])

    def polled(self, query_id: str) -> dict[str, Any]:
        """Poll until it is done."""
        while True:
            found: dict[str, Any] = self.graphql(POLL, id=query_id)["data"]["query"]
            if found["status"] in {"SUCCESSFUL", "FAILED"}:
                return found


@dataclass(frozen=True)
class Workers:
    """A server of two workers."""

    server: Serving
    project: Path
    audit_log: Path

    def pid(self, number: int) -> int:
        """Give the process that a worker is now."""
        said = {"message": "worker answers", "worker": number}
        self.server.entry(**said)
        return int([one for one in self.server.entries() if said.items() <= one.items()][-1]["pid"])

    @contextlib.contextmanager
    def caller(self, number: int, token: str = ANA) -> Iterator[Caller]:
        """Give a caller whose connection a worker takes, since the other one stands still."""
        others = [self.pid(other) for other in NUMBERS if other != number]
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {token}"
            caller = Caller(self.server, session)
            for other in others:
                os.kill(other, signal.SIGSTOP)
            try:
                assert caller.get("/healthz").ok
            finally:
                for other in others:
                    os.kill(other, signal.SIGCONT)
            yield caller

    @contextlib.contextmanager
    def callers(self, token: str = ANA) -> Iterator[tuple[Caller, Caller]]:
        """Give a caller of each worker."""
        with self.caller(1, token) as first, self.caller(2, token) as second:
            yield first, second


@pytest.fixture(scope="module")
def workers(
    slow_shop: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workers]:
    directory = tmp_path_factory.mktemp("workers")
    project = directory / "shop"
    shutil.copytree(slow_shop, project, symlinks=True)
    (directory / "temporary").mkdir()
    configuration = {
        "workers": 2,
        "flight_port": 0,
        "tokens": [
            {"name": "ana", "sha256": hash_token(ANA)},
            {"name": "ben", "sha256": hash_token(BEN)},
        ],
        "limits": {"concurrent_requests": 2, "waiting_seconds": 5},
        "audit_log": "audit.jsonl",
        "log": {"level": "debug"},
        "shutdown_seconds": 1,
    }
    with serving(
        metrics_command,
        project,
        directory=directory,
        configuration=configuration,
        environment={"TMPDIR": str(directory / "temporary")},
    ) as server:
        server.entry(message="listening")
        yield Workers(server, project, directory / "audit.jsonl")
        assert server.stop() == 0
        assert server.entry(message="stopped")
        # The kept answers are gone with it.
        assert list((directory / "temporary").glob("metrics-*")) == []


def test_both_answer_alike(workers: Workers) -> None:
    with workers.callers() as callers:
        ids = [uuid.uuid4().hex for _ in callers]
        answers = [
            caller.get(REVENUE, **{"X-Request-ID": request_id})
            for caller, request_id in zip(callers, ids, strict=True)
        ]
        asked = [workers.server.entry(request_id=one, path="/v1/query") for one in ids]
        assert [one["worker"] for one in asked] == [*NUMBERS]
        assert answers[0].json() == answers[1].json()
        assert answers[0].json()["rows"]
        tags = {answer.headers["ETag"] for answer in answers}
        assert len(tags) == 1
        assert callers[1].get(REVENUE, **{"If-None-Match": tags.pop()}).status_code == 304


def test_what_one_has_answered_the_other_does_not_compute_again(workers: Workers) -> None:
    path = "/v1/query?metrics=revenue&where=order__status='paid'"
    with workers.callers() as callers:
        ids = [uuid.uuid4().hex for _ in callers]
        for caller, request_id in zip(callers, ids, strict=True):
            assert caller.get(path, **{"X-Request-ID": request_id}).ok
            workers.server.entry(request_id=request_id, path="/v1/query")
    computed = [
        one["request_id"] for one in workers.server.entries() if one["message"] == "statement"
    ]
    assert [request_id in computed for request_id in ids] == [True, False]


def test_a_query_is_found_and_cancelled_at_either(workers: Workers) -> None:
    with workers.callers() as (first, second), workers.caller(2, BEN) as ben:
        query_id = first.created("revenue")
        assert second.polled(query_id)["status"] == "SUCCESSFUL"
        assert second.polled(query_id) == first.polled(query_id)
        for nobodys in (query_id, "w1-" + "f" * 32, "w9-" + "f" * 32, "f" * 32):
            caller = ben if nobodys == query_id else second
            for document in (POLL, CANCEL):
                [error] = caller.graphql(document, id=nobodys)["errors"]
                assert error["extensions"]["code"] == "not_found"
        slower = second.created("slower")
        assert first.graphql(CANCEL, id=slower)["data"]["cancelQuery"] == {"queryId": slower}
        assert first.polled(slower)["status"] == "FAILED"
        cancelled = workers.server.entry(message="request", request_id=slower)
        assert (cancelled["outcome"], cancelled["worker"]) == ("cancelled", 2)


def test_each_has_its_share_of_the_limits(workers: Workers) -> None:
    host, port = workers.server.url.removeprefix("http://").split(":")
    with workers.callers() as callers, socket.create_connection((host, int(port))) as asking:
        headers = f"Host: localhost\r\nAuthorization: Bearer {ANA}\r\n"
        asking.sendall(f"GET /v1/query?metrics=slower HTTP/1.1\r\n{headers}\r\n".encode())
        # Whoever took it has no other turn to give, and the other one has.
        while "metrics_store_http_in_flight 2.0" not in callers[0].get("/metrics").text:
            pass
        time.sleep(1)
        # Nothing that is kept, which takes no turn.
        new = f"{REVENUE}&where=order__status != '{uuid.uuid4().hex}'"
        codes = sorted(caller.get(new).status_code for caller in callers)
        assert codes == [200, 503]
    # Who left is counted when the statement has ended, which others would see half-way.
    with workers.caller(1) as caller:
        while 'door="rest",outcome="cancelled"' not in caller.get("/metrics").text:
            time.sleep(0.05)


def test_requests_of_both_are_counted_together(workers: Workers) -> None:
    with workers.callers() as callers:
        for caller in callers:
            assert caller.get(REVENUE).ok
        counted = [
            [
                line
                for line in caller.get("/metrics").text.splitlines()
                if line.startswith('metrics_store_requests_total{action="answer",door="rest"')
            ]
            for caller in callers
        ]
        assert counted[0]
        assert counted[0] == counted[1]


def test_the_audit_log_has_each_request_once_and_whole(workers: Workers) -> None:
    ids = [uuid.uuid4().hex for _ in range(40)]
    with workers.callers() as callers:

        def ask(part: int) -> None:
            for request_id in ids[part::2]:
                assert callers[part].get(REVENUE, **{"X-Request-ID": request_id}).ok

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(ask, (0, 1)))
    records = [json.loads(line) for line in workers.audit_log.read_text().splitlines()]
    assert sorted(one["request_id"] for one in records if one["request_id"] in ids) == sorted(ids)


def _publish(project: Path) -> None:
    with (
        Warehouse(load_target(project).duckdb_path).next_generation() as generation,
        duckdb.connect(str(generation.database)) as connection,
    ):
        connection.execute("alter table orders alter amount type decimal(18, 2)")
        connection.execute("update orders set amount = amount * 2")


def test_a_new_build_is_seen_by_both_while_they_are_asked(workers: Workers) -> None:
    stop = threading.Event()
    path = "/v1/query?metrics=revenue"
    with workers.callers() as callers:

        def ask(caller: Caller) -> list[tuple[str, float]]:
            found = []
            while not stop.is_set():
                answer = caller.get(path).json()
                found.append((answer["data_version"], answer["rows"][0]["revenue"]))
            return found

        before = callers[0].get(path).json()
        with ThreadPoolExecutor(2) as pool:
            asking = [pool.submit(ask, caller) for caller in callers]
            try:
                _publish(workers.project)
                deadline = time.monotonic() + 60
                while any(
                    caller.get(path).json()["data_version"] == before["data_version"]
                    for caller in callers
                ):
                    assert time.monotonic() < deadline
            finally:
                stop.set()
        found = [dict(one.result()) for one in asking]
        after = callers[0].get(path).json()
        expected = {
            before["data_version"]: before["rows"][0]["revenue"],
            after["data_version"]: round(2 * before["rows"][0]["revenue"], 2),
        }
        for values in found:
            assert values.items() <= expected.items()
        assert callers[1].get(path).json() == after


def test_a_killed_worker_is_replaced(workers: Workers) -> None:
    dead = workers.pid(1)
    with workers.callers() as (first, second):
        lost = first.created("revenue")
        os.kill(dead, signal.SIGKILL)
        # The other one goes on.
        assert second.get(REVENUE).ok
        ended = workers.server.entry(message="a worker ended and is replaced", worker=1)
        assert ended["exit_code"] == -signal.SIGKILL
        deadline = time.monotonic() + 60
        while workers.pid(1) == dead:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        [error] = second.graphql(POLL, id=lost)["errors"]
        assert error["extensions"]["code"] == "not_found"
    with workers.callers() as (first, second):
        assert first.get(REVENUE).json() == second.get(REVENUE).json()
        assert second.polled(first.created("revenue"))["status"] == "SUCCESSFUL"


def test_workers_end_with_their_supervisor(
    shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    with serving(metrics_command, shop, "--workers", "2", directory=tmp_path) as server:
        host, port = server.url.removeprefix("http://").split(":")
        server.stop(signal.SIGKILL)
        deadline = time.monotonic() + 60
        with contextlib.suppress(ConnectionRefusedError):
            while True:
                socket.create_connection((host, int(port))).close()
                assert time.monotonic() < deadline
                time.sleep(0.05)


def test_limits_that_cannot_be_shared_are_refused(
    shop: Path, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    file = tmp_path / "server.yml"
    file.write_text("workers: 4\nlimits: {concurrent_statements: 3}\n", encoding="utf-8")
    said = ["serve", "--project-dir", str(shop), "--config", str(file)]
    refused = run_metrics(*said, cwd=tmp_path)
    assert refused.returncode == 1
    assert "limits.concurrent_statements: 3" in refused.stderr
    for wrong in ("0", "65", "many"):
        assert run_metrics(*said, "--workers", wrong, cwd=tmp_path).returncode == 2
