"""What HTTP itself expects: methods, tags, ids, sizes, and problems that say nothing of us."""

from __future__ import annotations

import http.client
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")

PATH = "/v1/query?metrics=revenue&group_by=order__status"


def test_an_answer_that_the_caller_has_is_not_asked_for_again(open_server: Serving) -> None:
    def answered() -> float:
        text = open_server.get("/metrics").text
        label = 'metrics_store_requests_total{action="answer",door="rest",outcome="ok"} '
        return sum(float(line.removeprefix(label)) for line in text.splitlines() if label in line)

    first = open_server.get(PATH)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Accept" in first.headers["Vary"]
    before = answered()
    again = open_server.get(PATH, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert answered() == before
    question = {"metrics": ["revenue"], "group_by": ["order__status"]}
    posted = open_server.post("/v1/query", question, headers={"If-None-Match": tag})
    assert posted.status_code == 304
    for other in (PATH + "&limit=1", PATH + "&format=csv", PATH + "&page_size=1", "/v1/metrics"):
        found = open_server.get(other, headers={"If-None-Match": tag})
        assert found.status_code == 200
        assert found.headers["ETag"] != tag


def test_lists_have_tags_too(open_server: Serving) -> None:
    tag = open_server.get("/v1/metrics").headers["ETag"]
    assert open_server.get("/v1/metrics", headers={"If-None-Match": tag}).status_code == 304
    other = open_server.get("/v1/metrics?search=x", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_methods(open_server: Serving) -> None:
    head = open_server.ask("HEAD", PATH)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == open_server.get(PATH).headers["ETag"]
    options = open_server.ask("OPTIONS", "/v1/query")
    assert options.status_code == 204
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}
    for method, path in (("DELETE", "/v1/query"), ("POST", "/v1/metrics"), ("FROB", "/v1/query")):
        refused = open_server.ask(method, path)
        assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
        assert "GET" in refused.headers["Allow"]
    missing = open_server.get("/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_a_request_has_an_id(open_server: Serving) -> None:
    given = open_server.get("/v1/query", headers={"X-Request-ID": "tile-7.a_B"})
    assert given.headers["X-Request-ID"] == given.json()["request_id"] == "tile-7.a_B"
    for bad in ("*/ drop", "x" * 65, "-a", "a b", '"', "é"):
        made = open_server.get("/v1/metrics", headers={"X-Request-ID": bad.encode()})
        assert re.fullmatch("[0-9a-f]{32}", made.headers["X-Request-ID"])


def test_problems_have_all_their_parts(open_server: Serving) -> None:
    refused = open_server.get("/v1/query?metrics=revnue")
    problem = refused.json()
    assert problem == {
        "type": "urn:metrics-store:problem:invalid_request",
        "title": "The request is not right",
        "status": 400,
        "detail": problem["detail"],
        "code": "invalid_request",
        "what": "there is no such metric",
        "where": "revnue",
        "expected": "perhaps revenue",
        "remedy": "`metrics list` shows the metrics",
        "request_id": refused.headers["X-Request-ID"],
    }
    assert refused.headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_is_not_read(open_server: Serving) -> None:
    host = open_server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.putrequest("POST", "/v1/query")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()

    def pieces() -> object:
        for _ in range(40):
            yield b" " * 65_536

    chunked = open_server.ask(
        "POST", "/v1/query", data=pieces(), headers={"Content-Type": "application/json"}
    )
    assert (chunked.status_code, chunked.json()["code"]) == (413, "body_too_large")


def test_another_kind_of_body(open_server: Serving) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        refused = open_server.ask(
            "POST", "/v1/query", data='{"metrics": ["revenue"]}', headers={"Content-Type": kind}
        )
        assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")


def test_a_page_on_the_web_cannot_ask_through_a_browser(open_server: Serving) -> None:
    refused = open_server.get(PATH, headers={"Host": "attacker.example:8080"})
    assert (refused.status_code, refused.json()["code"]) == (421, "misdirected")
    allowed = open_server.get(PATH, headers={"Origin": "https://attacker.example"})
    assert "Access-Control-Allow-Origin" not in allowed.headers
