"""Each part of a question with each kind of value: rows, or what is wrong and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")

_QUESTION = {"metrics": ["revenue"], "group_by": ["metric_time__month"]}
_OF_A_QUESTION = (
    *("metrics", "group_by", "where", "order_by", "limit"),
    *("start_time", "end_time", "saved_query"),
)
_OF_PAGES = ("page", "page_size")
_ASKED: dict[str, tuple[dict[str, object], tuple[str, ...]]] = {
    "/v1/query": (_QUESTION, (*_OF_A_QUESTION, *_OF_PAGES)),
    "/v1/sql": (_QUESTION, _OF_A_QUESTION),
    "/v1/dimension-values": (
        {"dimension": "order__status"},
        ("dimension", "metrics", "where", "limit", *_OF_PAGES),
    ),
}
_VALUES = (
    *(None, True, 0, -1, 1.5, 2**31, 2**63, 10**30, 10**400, 1e300),
    *("", "x", "\0", "\ud800", "-revenue", "9" * 2000),
    *([], [None], [[]], [1], [True], {}, {"a": 1}, [{}], ["revenue", "revenue"], ["x"] * 1001),
    *("0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999", "2024-13-01"),
    *("2024-01-01T00:00:00Z", "metric_time > '9999-12-31'"),
)
# What pydantic says by itself.
_VALIDATORS_WORDS = re.compile(r"Input should|should (have|match|be)|Field required|Extra inputs")
_TOLD = [
    ({"limit": "ten"}, "`limit` cannot be a text", "limit", "a whole number", '{"limit": 100}'),
    ({"limit": -1}, "`limit` is too small", "limit", "0 or more", '{"limit": 100}'),
    ({"metrics": [1]}, "`metrics.0` cannot be", "metrics.0", "a text", '{"metrics": ["revenue"]}'),
    ({"where": [None]}, "`where.0` cannot be null", "where.0", "a text or an object", "status"),
    ({"where": 7}, "`where` cannot be a whole", "where", "a text or an object", "status"),
    ({"start_time": "soon"}, "no day and no time", "start_time", "a day such as", "2024-01-31"),
    ({"page_size": 0}, "`page_size` is too small", "page_size", "1 or more", "1000"),
    ({"groupby": "x"}, "a key that is not known", "groupby", "one of metrics", "`group_by`?"),
    ({"metrics": ["x"] * 1001}, "too many entries", "metrics", "at most 1000", "revenue"),
    ({"saved_query": "x" * 2000}, "too long", "saved_query", "at most 1024 characters", "monthly"),
]


@pytest.mark.parametrize(("wrong", "what", "where", "expected", "remedy"), _TOLD)
def test_what_is_wrong_is_told_with_what_to_do(  # noqa: PLR0913, PLR0917 - the parts of an error
    open_server: Serving,
    wrong: dict[str, object],
    what: str,
    where: str,
    expected: str,
    remedy: str,
) -> None:
    found = open_server.post("/v1/query", {**_QUESTION, **wrong}).json()
    assert found["where"] == where
    assert what in found["what"]
    assert expected in found["expected"]
    assert remedy in found["remedy"]


def test_what_is_wrong_in_one_of_several_questions(open_server: Serving) -> None:
    found = open_server.post("/v1/queries", {"queries": [_QUESTION, {"metrix": "revenue"}]}).json()
    assert (found["where"], found["remedy"]) == ("queries.1.metrix", "did you mean `metrics`?")
    assert found["expected"].startswith("one of metrics, group_by")
    assert "lacks `queries`" in open_server.post("/v1/queries", {}).json()["what"]


@pytest.mark.slow
@pytest.mark.parametrize("path", _ASKED)
def test_any_value_gets_rows_or_the_place_of_what_is_wrong(open_server: Serving, path: str) -> None:
    question, keys = _ASKED[path]
    for key in keys:
        for value in _VALUES:
            found = open_server.post(path, {**question, key: value})
            assert found.status_code in (200, 400), (key, value, found.text)
            if found.status_code != 200:
                assert found.json()["where"], (key, value, found.text)
                assert not _VALIDATORS_WORDS.search(found.text), (key, value, found.text)


@pytest.mark.parametrize("key", [*_OF_A_QUESTION, *_OF_PAGES])
def test_a_null_is_what_is_not_said_or_no_value(open_server: Serving, key: str) -> None:
    found = open_server.post("/v1/query", {**_QUESTION, key: None})
    if key in ("metrics", "group_by", "order_by", "page"):
        assert (found.status_code, found.json()["where"]) == (400, key)
    else:
        assert found.json()["rows"] == open_server.post("/v1/query", _QUESTION).json()["rows"]


def test_a_page_that_cannot_be(open_server: Serving) -> None:
    found = open_server.post("/v1/query", {**_QUESTION, "page": 10**30, "page_size": 2})
    assert (found.status_code, found.json()["where"]) == (400, "page")


@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_the_last_day_that_there_is(open_server: Serving, grain: str) -> None:
    asked = {"metrics": ["revenue"], "group_by": [f"metric_time__{grain}"]}
    found = open_server.post("/v1/query", {**asked, "end_time": "9999-12-31"})
    assert found.json()["rows"] == open_server.post("/v1/query", asked).json()["rows"]
