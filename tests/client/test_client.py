"""Metrics in Python: the same answers and the same errors here and from a server."""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
import threading
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pytest

import metrics_store
from client.servers import TOKEN
from metrics_store.client import Result
from metrics_store.errors import (
    MetricsStoreError,
    NotAuthenticatedError,
    NotFoundError,
    UnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.client import Connection

pytestmark = pytest.mark.xdist_group("shop")


@pytest.fixture
def both(shop: Path, address: str) -> Iterator[list[Connection]]:
    with (
        metrics_store.connect(project_dir=shop) as here,
        metrics_store.connect(address, token=TOKEN) as there,
    ):
        yield [here, there]


QUESTIONS = [
    {"metrics": "revenue"},
    {"metrics": ["revenue"], "group_by": ["metric_time__month", "order__status"]},
    {"metrics": "revenue", "group_by": "order__status", "order_by": "-revenue", "limit": 1},
    {"metrics": "revenue", "group_by": "order__status", "where": "order__status != 'paid'"},
    {"metrics": "revenue", "where": ["order__status = 'paid'", "order__status is not null"]},
    {"metrics": "revenue", "where": {"is_null": {"name": {"dimension": "order__status"}}}},
    {"metrics": "revenue", "start_time": dt.date(2024, 2, 1)},
    {"metrics": "revenue", "end_time": dt.datetime(2024, 1, 31)},
    {"saved_query": "revenue_by_status"},
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_the_same(both: list[Connection], question: dict[str, object]) -> None:
    here, there = (connection.query(**question) for connection in both)  # type: ignore[arg-type]
    assert here.table.equals(there.table, check_metadata=True)
    assert here.data_version == there.data_version
    assert here.request_id != there.request_id
    sql = [connection.compile(**question) for connection in both]  # type: ignore[arg-type]
    assert sql[0] == sql[1]


def test_several_answers_are_those_of_each(both: list[Connection]) -> None:
    here, there = (connection.query_many(QUESTIONS) for connection in both)
    alone = [both[0].query(**question) for question in QUESTIONS]  # type: ignore[arg-type]
    for one, other, third in zip(here, there, alone, strict=True):
        assert one.table.equals(other.table, check_metadata=True)
        assert one.table.equals(third.table, check_metadata=True)
        assert one.data_version == other.data_version == third.data_version
    assert len({result.request_id for result in (*here, *there)}) == 2 * len(QUESTIONS)
    assert [connection.query_many([]) for connection in both] == [[], []]


def test_an_answer_is_a_table_for_everything(both: list[Connection]) -> None:
    for connection in both:
        found = connection.query("revenue", group_by="order__status")
        assert found.columns == ["order__status", "revenue"]
        assert found.rows() == [
            {"order__status": "paid", "revenue": Decimal("35.75")},
            {"order__status": "returned", "revenue": Decimal("99.90")},
        ]
        assert len(found) == 2
        assert pa.table(found).equals(found.table)


def test_pandas_gets_numbers_and_times(both: list[Connection]) -> None:
    for connection in both:
        found = connection.query("revenue", group_by=["metric_time__month", "order__status"])
        frame = found.to_pandas()
        assert isinstance(frame, pd.DataFrame)
        assert [frame.dtypes[name].kind for name in ("metric_time__month", "revenue")] == ["M", "f"]
        assert frame["revenue"].sum() == pytest.approx(135.65)
        exact = found.to_pandas(decimals=True)
        assert exact["revenue"].sum() == Decimal("135.65")
        categories = found.to_pandas(strings_to_categorical=True)
        assert categories.dtypes["order__status"] == "category"


def test_doubles_are_the_nearest_to_their_decimals() -> None:
    texts = ["0.1", "99999999999.9999", "-1e-9", "12345678901234567890.123456789", None]
    texts += [f"{digits / 7:.9f}" for digits in range(1, 3000)]
    decimals = [text if text is None else Decimal(text) for text in texts]
    days = [dt.date(2024, 2, 29)] * len(texts)
    table = pa.table({"value": pa.array(decimals, pa.decimal128(38, 9)), "day": days})
    given = Result(table, "", "").to_pandas()
    assert given["value"].tolist()[:4] == [float(text) for text in texts[:4] if text]
    assert given["value"].isna().tolist() == [text is None for text in texts]
    assert given["value"].tolist()[5:] == [float(text) for text in texts[5:] if text]
    assert given["day"].tolist()[0] == pd.Timestamp("2024-02-29")


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics_store.client.result.find_spec", lambda _: None)
    result = Result(pa.table({"value": [1]}), "", "")
    for convert, name in ((result.to_pandas, "pandas"), (result.to_polars, "polars")):
        with pytest.raises(MetricsStoreError, match=f"{name} is not installed") as refused:
            convert()
        assert f"pip install {name}" in refused.value.remedy


def test_none_is_none_of_them(both: list[Connection]) -> None:
    for connection in both:
        found = connection.query("revenue", group_by=None, order_by=None, where=None)
        assert found.rows() == [{"revenue": Decimal("135.65")}]
        assert connection.query(None, saved_query="revenue_by_status").columns
        assert connection.dimensions(None) == connection.dimensions()


def test_a_closed_connection_says_so(both: list[Connection]) -> None:
    for connection in both:
        with connection:
            pass
        connection.close()
        for ask in (lambda one: one.query("revenue"), lambda one: one.metrics()):
            with pytest.raises(UnavailableError, match="the connection to the metrics is closed"):
                ask(connection)


@pytest.mark.parametrize("asks", ["", "print(len(metrics.query('revenue')))"])
def test_a_program_that_closes_nothing_ends_in_silence(shop: Path, asks: str) -> None:
    program = f"import metrics_store\nmetrics = metrics_store.connect()\n{asks}"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=shop, capture_output=True, text=True, check=True
    )
    assert not ended.stderr


def test_lists_are_the_same(both: list[Connection]) -> None:
    here, there = both
    assert here.metrics() == there.metrics()
    assert [metric.name for metric in there.metrics("REVEN")] == ["revenue"]
    assert here.metrics("nothing") == there.metrics("nothing") == []
    assert here.metric("revenue") == there.metric("revenue")
    assert here.dimensions() == there.dimensions() != []
    assert here.dimensions("revenue") == there.dimensions(["revenue"]) != []
    assert here.entities("revenue") == there.entities("revenue") != []
    assert here.measures("revenue") == there.measures("revenue") != []
    assert here.saved_queries() == there.saved_queries() != []
    values = [one.dimension_values("order__status", "revenue", limit=5).rows() for one in both]
    assert values[0] == values[1] == [{"order__status": "paid"}, {"order__status": "returned"}]


WRONG: list[dict[str, object]] = [
    {},
    {"metrics": "revnue"},
    {"metrics": "revenue", "group_by": "order__stats"},
    {"metrics": "revenue", "order_by": "order__status"},
    {"metrics": "revenue", "limit": "many"},
    {"metrics": "revenue", "limit": -1},
    {"metrics": "revenue", "where": "1=1) union select 1"},
    {"metrics": "revenue", "where": {"frob": 1}},
    {"metrics": "revenue", "start_time": "someday"},
    {"metrics": ["revenue"], "saved_query": "nothing"},
]


@pytest.mark.parametrize("question", [*WRONG, {"metrix": "revenue"}])
def test_errors_among_several_questions_are_the_same(
    both: list[Connection], question: dict[str, object]
) -> None:
    errors = []
    for connection in both:
        with pytest.raises(MetricsStoreError) as refused:
            connection.query_many([question])
        errors.append(str(refused.value).replace("queries.0.", ""))
    assert errors[0] == errors[1]


@pytest.mark.parametrize("question", WRONG)
def test_errors_are_the_same(both: list[Connection], question: dict[str, object]) -> None:
    errors = []
    for connection in both:
        with pytest.raises(MetricsStoreError) as refused:
            connection.query(**question)  # type: ignore[arg-type]
        errors.append((type(refused.value), str(refused.value)))
    assert errors[0] == errors[1]


def test_a_metric_that_there_is_not(both: list[Connection]) -> None:
    for connection in both:
        with pytest.raises(NotFoundError) as refused:
            connection.metric("revnue")
        assert (refused.value.where, refused.value.expected) == ("revnue", "perhaps revenue")
        with pytest.raises(NotFoundError):
            connection.metric("revenue/../x?y#z")


def test_who_has_no_token_gets_nothing(address: str) -> None:
    for token in (None, "wrong"):
        with (
            metrics_store.connect(address, token=token) as connection,
            pytest.raises(NotAuthenticatedError),
        ):
            connection.query("revenue")


def test_servers_that_are_none(shop: Path) -> None:
    for url in ("metrics.example.com", "ftp://example.com", "http://", ""):
        with pytest.raises(MetricsStoreError, match="no address"):
            metrics_store.connect(url)
    with pytest.raises(MetricsStoreError, match="its own project"):
        metrics_store.connect("http://localhost", project_dir=shop)
    with pytest.raises(MetricsStoreError, match="not a dbt project"):
        metrics_store.connect(project_dir=shop / "models")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(UnavailableError, match="cannot be reached"):
        metrics_store.connect(f"http://127.0.0.1:{port}").query("revenue")


def _answering(content: bytes) -> tuple[str, threading.Thread]:
    """Run a server that gives one answer to whoever asks, and hangs up."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with server, server.accept()[0] as caller:
            caller.recv(65_536)
            caller.sendall(content)

    thread = threading.Thread(target=answer)
    thread.start()
    return f"http://127.0.0.1:{server.getsockname()[1]}", thread


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\n<html",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"what",
    ],
)
def test_answers_that_break_off(content: bytes) -> None:
    url, thread = _answering(content)
    with metrics_store.connect(url, token=TOKEN) as connection, pytest.raises(UnavailableError):
        connection.query("revenue")
    thread.join()


def test_a_token_is_shown_to_no_other_server() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    url, thread = _answering(moved)
    with (
        metrics_store.connect(url, token=TOKEN) as connection,
        pytest.raises(UnavailableError, match="status 302"),
    ):
        connection.query("revenue")
    thread.join()
