"""A request to REST, parsed from query parameters or a body."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.http.json_bodies import check_is_json, parse_strictly

if TYPE_CHECKING:
    from pydantic import BaseModel
    from starlette.datastructures import QueryParams
    from starlette.requests import Request

    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.serve.service import Service

# Filters and values have commas of their own.
_REPEATED = ("where",)
_OBJECT = re.compile(r'\s*\{\s*["}]')
_LIST, _NUMBER = "list", "number"


@dataclass(frozen=True)
class RestRequest:
    """One parsed request.

    Attributes:
        service: The engine with what all interfaces share.
        principal: The principal who sent it.
        call: What the engine knows the request by.
        form: Its parameters.
        path: The path that it was sent to.
        accept: The formats that the caller takes.
        named_format: The format by name, where `?format=` says one.
        if_none_match: The answer that the caller has already.
    """

    service: Service
    principal: Principal
    call: Call
    form: Any
    path: str
    accept: str | None = None
    named_format: str | None = None
    if_none_match: str | None = None


def parse_parameters(form: type[BaseModel], parameters: QueryParams) -> dict[str, object]:
    """Parse query parameters into plain values; lists come repeated or with commas.

    Raises:
        MetricsStoreError: A parameter that is no list comes twice.
    """
    given: dict[str, object] = {}
    kinds = _kinds(form)
    for name in parameters:
        values = parameters.getlist(name)
        kind = kinds.get(name)
        if kind is None or name == "format":
            given[name] = values[-1]
            continue
        if name in _REPEATED:
            given[name] = [_parse_condition(value) for value in values]
        elif kind == _LIST:
            given[name] = [part.strip() for value in values for part in value.split(",")]
        elif len(values) > 1:
            raise MetricsStoreError("a parameter stands twice", where=name)
        else:
            is_number = kind == _NUMBER and _is_number(values[0])
            given[name] = int(values[0]) if is_number else values[0]
    return given


@functools.cache
def _kinds(form: type[BaseModel]) -> dict[str, str]:
    """Give the kind of each parameter; to read it takes longer than most answers."""

    def kind(annotation: object) -> str:
        text = str(annotation)
        return _LIST if "list" in text.lower() else _NUMBER if "int" in text else ""

    return {name: kind(field.annotation) for name, field in form.model_fields.items()}


def _is_number(value: str) -> bool:
    digits = value.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 19  # noqa: PLR2004 - more has no 64-bit integer


def _parse_condition(value: str) -> object:
    """Read a condition as an object, which begins with a brace and a key; all else is a text."""
    if _OBJECT.match(value):
        return _parse_json(value.encode())
    return value


async def read_body(request: Request) -> object:
    """Read the JSON of a request.

    Raises:
        MetricsStoreError: It is no JSON.
    """
    check_is_json(request)
    return _parse_json(await request.body())


def _parse_json(content: bytes) -> object:
    try:
        return parse_strictly(content)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise MetricsStoreError(
            "the request body is not JSON", where=place, expected="a JSON object"
        ) from None
