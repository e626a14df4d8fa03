"""Bodies of requests in JSON, read strictly: what JSON does not have, or says twice, is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from metrics_store.serve.http.problems import UnsupportedMediaTypeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

JSON = "application/json"


def check_is_json(request: Request) -> None:
    """Reject a body in another format than JSON, which is what none named means.

    Raises:
        UnsupportedMediaTypeError: It is in another one.
    """
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind != JSON:
        raise UnsupportedMediaTypeError(
            "the request body is in another format", where=kind[:80], expected=JSON
        )


def parse_strictly(text: str | bytes, parse_float: Callable[[str], Any] = float) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Parse JSON without constants such as NaN, and without a key that stands twice.

    Raises:
        ValueError: It is none.
        RecursionError: It is nested too deeply.
    """
    return json.loads(
        text,
        parse_float=parse_float,
        parse_constant=_reject,
        object_pairs_hook=_without_doubles,
    )


def _reject(constant: str) -> object:
    raise ValueError(constant)


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
