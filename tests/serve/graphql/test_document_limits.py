"""Documents that are made to cost much are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.serve.graphql.document_limits import MAX_BODY_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

pytestmark = pytest.mark.xdist_group("offers")


def _doubling(levels: int) -> str:
    fragments = [
        f"fragment f{level} on Query {{ ...f{level + 1} ...f{level + 1} }}"
        for level in range(levels)
    ]
    return " ".join(["{ ...f0 }", *fragments, f"fragment f{levels} on Query {{ __typename }}"])


def _chain(length: int) -> str:
    fragments = [f"fragment f{number} on Query {{ ...f{number + 1} }}" for number in range(length)]
    return " ".join(["{ ...f0 }", *fragments, f"fragment f{length} on Query {{ __typename }}"])


def _nested(levels: int) -> str:
    return "{ __schema { types " + "{ ofType " * levels + "{ name }" + " }" * levels + " } }"


HOSTILE = {
    "deep": (_nested(20), "nested fields"),
    "very deep": ("{ a " * 1_500 + "}" * 1_500, "nested"),
    "deep list": ("{ a(b: " + "[" * 3_000 + ") }", ""),
    "wide": ("{ " + "__typename " * 401 + "}", "fields"),
    "tokens": ("{ " + "a " * 5_000 + "}", "tokens"),
    "aliases": ("{ " + " ".join(f"a{n}: __typename" for n in range(11)) + " }", "aliases"),
    "doubling fragments": (_doubling(60), "fields"),
    "a chain of fragments": (_chain(497), ""),
    "a fragment in itself": (
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        "spreads itself",
    ),
    "operations": (
        "query($id: BigInt!) { "
        + " ".join(f"a{n}: environmentInfo(environmentId: $id) {{ dialect }}" for n in range(11))
        + " }",
        "aliases",
    ),
    "operations without aliases": (
        "{ " + "__typename " * 11 + "}",
        "operations",
    ),
    "introspection": (
        "{ __schema { types " + "{ fields { type " * 4 + "{ name }" + " } }" * 4 + " } }",
        "",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_costs_too_much_is_refused(ask: Callable[..., dict[str, Any]], name: str) -> None:
    document, words = HOSTILE[name]
    answer = ask(document)
    assert answer["data"] is None
    shown = answer["errors"][0]["message"]
    assert words in shown
    assert "something went wrong" not in shown


def test_a_long_list_is_refused(ask: Callable[..., dict[str, Any]]) -> None:
    document = """query($asked: [MetricInput!]!) {
      dimensions(environmentId: 1, metrics: $asked) { name } }"""
    answer = ask(document, {"asked": [{"name": "revenue"}] * 201})
    assert "`metrics` is too long" in answer["errors"][0]["message"]
    assert "errors" not in ask(document, {"asked": [{"name": "revenue"}] * 200})


def test_a_large_request_is_refused(post: Callable[..., requests.Response]) -> None:
    content = json.dumps({"query": "{ __typename }", "variables": {"a": "x" * MAX_BODY_BYTES}})
    answer = post(content).json()
    assert "the request is too large" in answer["errors"][0]["message"]
