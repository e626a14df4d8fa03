"""Questions over HTTP get rows in every format, page by page; wrong ones get words."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

if TYPE_CHECKING:
    import requests

    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")

ARROW = "application/vnd.apache.arrow.stream"
QUESTION = {"metrics": ["revenue"], "group_by": ["metric_time__month", "order__status"]}
ROWS = [
    {"metric_time__month": "2024-01-01T00:00:00", "order__status": "paid", "revenue": 30.5},
    {"metric_time__month": "2024-01-01T00:00:00", "order__status": "returned", "revenue": 99.9},
    {"metric_time__month": "2024-02-01T00:00:00", "order__status": "paid", "revenue": 5.25},
]


def _table(response: requests.Response) -> pa.Table:
    assert response.status_code == 200, response.text
    return pa.ipc.open_stream(response.content).read_all()


def test_a_body_and_a_query_string_ask_the_same(open_server: Serving) -> None:
    posted = open_server.post("/v1/query", QUESTION).json()
    assert posted["rows"] == ROWS
    assert [column["name"] for column in posted["columns"]] == list(ROWS[0])
    listed = open_server.get(
        "/v1/query?metrics=revenue&group_by=metric_time__month,order__status"
    ).json()
    repeated = open_server.get(
        "/v1/query?metrics=revenue&group_by=metric_time__month&group_by=order__status"
    ).json()
    assert posted == listed == repeated


def test_formats_by_accept_and_by_name(open_server: Serving) -> None:
    def ask(accept: str | None = None, name: str | None = None) -> requests.Response:
        path = "/v1/query" + (f"?format={name}" if name else "")
        return open_server.post(path, QUESTION, headers={"Accept": accept or "*/*"})

    exact = [row["revenue"] for row in _table(ask(ARROW)).to_pylist()]
    assert exact == [Decimal("30.50"), Decimal("99.90"), Decimal("5.25")]
    assert _table(ask(name="arrow")).equals(_table(ask(ARROW)))
    parquet = ask("application/vnd.apache.parquet")
    assert pa.parquet.read_table(io.BytesIO(parquet.content)).equals(_table(ask(ARROW)))
    csv = ask("text/csv;q=0.9, application/json;q=0.1")
    assert csv.headers["Content-Type"].startswith("text/csv")
    assert csv.text.splitlines() == [
        '"metric_time__month","order__status","revenue"',
        '2024-01-01 00:00:00,"paid",30.50',
        '2024-01-01 00:00:00,"returned",99.90',
        '2024-02-01 00:00:00,"paid",5.25',
    ]
    # What is asked for by name counts before what the browser would take.
    assert ask("text/html", "csv").text == csv.text
    assert ask("text/html, */*;q=0.8").headers["Content-Type"] == "application/json"
    assert ask("application/json;q=0, text/csv").text == csv.text


@pytest.mark.parametrize(
    ("accept", "name"), [("image/png", None), ("*/*;q=0", None), ("*/*", "xlsx")]
)
def test_a_format_that_there_is_not(open_server: Serving, accept: str, name: str | None) -> None:
    path = "/v1/query" + (f"?format={name}" if name else "")
    refused = open_server.post(path, QUESTION, headers={"Accept": accept})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "where",
    [
        "{{ Dimension('order__status') }} = 'paid'",
        ["order__status = 'paid'"],
        {"compare": {"name": {"dimension": "order__status"}, "operator": "=", "value": "paid"}},
        [{"in": {"name": {"name": "order__status"}, "values": ["paid"]}}, "order__status != 'x'"],
    ],
)
def test_filters_in_either_form(open_server: Serving, where: object) -> None:
    found = open_server.post("/v1/query", {"metrics": "revenue", "where": where})
    assert found.json()["rows"] == [{"revenue": 35.75}]


def test_filters_in_a_query_string(open_server: Serving) -> None:
    condition = '{"in": {"name": {"name": "order__status"}, "values": ["paid", "x,y"]}}'
    for where in ([condition], ["order__status in ('paid', 'x,y')", "order__status = 'paid'"]):
        found = open_server.get("/v1/query", params={"metrics": "revenue", "where": where})
        assert found.json()["rows"] == [{"revenue": 35.75}]


def test_the_other_parts_of_a_question(open_server: Serving) -> None:
    def ask(**question: object) -> object:
        return open_server.post("/v1/query", question).json()["rows"]

    assert ask(saved_query="revenue_by_status") == ROWS
    assert ask(metrics="revenue", start_time="2024-02-01") == [{"revenue": 5.25}]
    assert ask(metrics="revenue", end_time="2024-01-31T00:00:00") == [{"revenue": 130.4}]
    top = ask(metrics="revenue", group_by="order__status", order_by="-revenue", limit=1)
    assert top == [{"order__status": "returned", "revenue": 99.9}]
    assert ask(metrics="revenue", group_by="order__status", limit=0) == []


def test_pages_are_the_whole_in_order(open_server: Serving) -> None:
    # Two days are equal in what is ordered by.
    question = {"metrics": ["revenue"], "group_by": ["order__status", "metric_time__day"]}
    question = {**question, "order_by": ["-order__status"]}
    days = []
    for number in range(1, 5):
        found = open_server.post("/v1/query", {**question, "page": number, "page_size": 1})
        days += [row["metric_time__day"][:10] for row in found.json()["rows"]]
        assert found.json()["page"] == {
            "number": number,
            "size": 1,
            "total_items": 3,
            "total_pages": 3,
        }
        assert (found.headers["X-Total-Rows"], found.headers["X-Total-Pages"]) == ("3", "3")
    assert days == ["2024-01-17", "2024-01-03", "2024-02-01"]
    arrow = open_server.get(
        "/v1/query?metrics=revenue&group_by=order__status&page=2&page_size=1",
        headers={"Accept": ARROW},
    )
    assert _table(arrow).to_pylist() == [{"order__status": "returned", "revenue": Decimal("99.90")}]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({}, "nothing is asked for"),
        ({"metrics": ["revnue"]}, "perhaps revenue"),
        ({"metrics": ["revenue"], "frob": 1}, "one of metrics, group_by"),
        ({"metrics": ["revenue"], "limit": "5"}, "a whole number"),
        ({"metrics": ["revenue"], "limit": True}, "a whole number"),
        ({"metrics": ["revenue"], "limit": -1}, "0 or more"),
        ({"metrics": ["revenue"], "start_time": 5}, "a time such as 2024-01-31"),
        ({"metrics": ["revenue"], "start_time": "2024-01-01T00:00:00+02:00"}, "without zone"),
        ({"metrics": {"a": 1}}, "a list"),
        ({"metrics": ["revenue"], "where": "1=1) union select 1"}, "cannot be understood"),
        ({"metrics": ["revenue"], "where": [{"frob": 1}]}, "another form"),
        ({"metrics": ["revenue"], "page": 2}, "page_size as well"),
        ({"metrics": ["revenue"], "page": 0, "page_size": 1}, "1 or more"),
        ({"metrics": ["revenue"], "saved_query": "nothing"}, "there is no such saved query"),
        ([], "a JSON object"),
        (None, "a JSON object"),
    ],
)
def test_wrong_questions(open_server: Serving, question: object, words: str) -> None:
    refused = open_server.ask("POST", "/v1/query", json=question)
    if question is None:
        refused = open_server.ask(
            "POST", "/v1/query", data="null", headers={"Content-Type": "application/json"}
        )
    assert refused.status_code == 400
    problem = refused.json()
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert problem["code"] == "invalid_request"
    assert words in problem["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'{"metrics": ["revenue"], "limit": NaN}',
        b'{"metrics": ["revenue"], "metrics": ["other"]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_json(open_server: Serving, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused = open_server.ask("POST", "/v1/query", data=body, headers=headers)
    assert (refused.status_code, refused.json()["what"]) == (400, "the request body is not JSON")


def test_parameters_that_are_not_known_or_stand_twice(open_server: Serving) -> None:
    unknown = open_server.get("/v1/query?metrics=revenue&frob=1")
    assert (unknown.status_code, unknown.json()["where"]) == (400, "frob")
    twice = open_server.get("/v1/query?metrics=revenue&limit=1&limit=2")
    assert (twice.status_code, twice.json()["where"]) == (400, "limit")
    beside = open_server.post("/v1/query?limit=1", QUESTION)
    assert (beside.status_code, beside.json()["where"]) == (400, "limit")


def test_values_of_a_dimension(open_server: Serving) -> None:
    found = open_server.get("/v1/dimension-values?dimension=order__status&metrics=revenue")
    assert found.json()["rows"] == [{"order__status": "paid"}, {"order__status": "returned"}]
    posted = open_server.post(
        "/v1/dimension-values",
        {
            "dimension": "order__status",
            "metrics": ["revenue"],
            "where": "order__status != 'paid'",
            "limit": 5,
        },
    )
    assert posted.json()["rows"] == [{"order__status": "returned"}]
    alone = open_server.get("/v1/dimension-values?dimension=order__status")
    assert alone.json()["rows"] == found.json()["rows"]
    paged = open_server.get(
        "/v1/dimension-values?dimension=order__status&metrics=revenue&page=2&page_size=1&format=csv"
    )
    assert paged.text.splitlines() == ['"order__status"', '"returned"']


def test_sql_of_a_question(open_server: Serving) -> None:
    found = open_server.post("/v1/sql", {"metrics": ["revenue"]}).json()
    assert "SUM(amount) AS revenue" in found["sql"]
    assert open_server.get("/v1/sql?metrics=revenue").json() == found
    assert open_server.get("/v1/sql?metrics=nothing").status_code == 400


def test_several_questions_at_once(open_server: Serving) -> None:
    wrong = {"metrics": ["revnue"]}
    asked = [QUESTION, wrong, {"metrics": ["revenue"], "where": "1=1) union select 1"}]
    asked += [{"metrics": ["revenue"]}]
    answers = open_server.post("/v1/queries", {"queries": asked}).json()["answers"]
    alone = [open_server.post("/v1/query", question).json() for question in asked]
    for one, other in zip(answers, alone, strict=True):
        one.pop("request_id", None)
        other.pop("request_id", None)
        assert one == other
    assert answers[0]["rows"] == ROWS
    assert [one.get("code") for one in answers] == [None, *(["invalid_request"] * 2), None]


def test_several_answers_as_arrow(open_server: Serving) -> None:
    asked = {"queries": [QUESTION, {"metrics": ["revnue"]}]}
    response = open_server.post("/v1/queries", asked, headers={"Accept": ARROW})
    source = pa.BufferReader(response.content)
    rows, problem = (pa.ipc.open_stream(source).read_all() for _ in range(2))
    assert source.tell() == source.size()
    alone = _table(open_server.post("/v1/query", QUESTION, headers={"Accept": ARROW}))
    assert rows.equals(alone)
    assert (
        rows.schema.metadata[b"data_version"].decode()
        == (open_server.post("/v1/query", QUESTION).json()["data_version"])
    )
    assert b"revnue" in problem.schema.metadata[b"problem"]


def test_what_is_wrong_with_several_questions(open_server: Serving) -> None:
    asked = {"queries": [QUESTION]}
    assert open_server.post("/v1/queries?format=csv", asked).json()["code"] == "not_acceptable"
    for body in ({}, {"queries": []}, {"queries": [QUESTION] * 101}, {"queries": [{"frob": 1}]}):
        assert open_server.post("/v1/queries", body).json()["code"] == "invalid_request"
    refused = open_server.get("/v1/queries")
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
