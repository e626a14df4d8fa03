"""What a caller of REST asks, read out of query parameters or a body."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from metrics_store.errors import MetricsStoreError
from metrics_store.query.request_form import QuestionForm, Texts, ValuesForm
from metrics_store.serve.rest.problems import UnsupportedMediaTypeError

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams
    from starlette.requests import Request

    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.serve.service import Service

# Filters and values have commas of their own.
_REPEATED = ("where",)
_OBJECT = re.compile(r'\s*\{\s*["}]')
_JSON = "application/json"
# Rows are counted with 64 bits.
_LAST_PAGE = 1_000_000_000
_LARGEST_PAGE = 100_000
_LARGEST_LIST_PAGE = 1000


class Paged(BaseModel):
    """Which page of the rows."""

    page: int = Field(
        default=1, ge=1, le=_LAST_PAGE, strict=True, description="Which page; the first is 1."
    )
    page_size: int | None = Field(
        default=None,
        ge=1,
        le=_LARGEST_PAGE,
        strict=True,
        description="Rows on a page; by default the whole answer is one.",
    )


class QueryForm(Paged, QuestionForm):
    """A question, and which page of its answer."""


class ListForm(BaseModel):
    """A part of a list."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    search: str | None = Field(
        default=None, max_length=1024, description="Only what has this word in a name or text."
    )
    page: int = Field(
        default=1, ge=1, le=_LAST_PAGE, strict=True, description="Which page; the first is 1."
    )
    page_size: int = Field(
        default=100, ge=1, le=_LARGEST_LIST_PAGE, strict=True, description="Things on a page."
    )


class MetricsListForm(ListForm):
    """A part of a list of what metrics have."""

    metrics: Texts = Field(default=[], description="Only what all of these metrics have.")


class MetricForm(BaseModel):
    """One metric."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str = Field(max_length=1024, description="The metric's name.")


class PagedValuesForm(Paged, ValuesForm):
    """The values of a dimension, and which page of them."""


@dataclass(frozen=True)
class Asked:
    """One request, understood.

    Attributes:
        service: The engine, and what else there is.
        principal: Who asks.
        call: What the engine knows the request by.
        form: What is asked.
        path: Where it is asked.
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


def from_parameters(form: type[BaseModel], parameters: QueryParams) -> dict[str, object]:
    """Give query parameters as plain values; lists come repeated or with commas.

    Raises:
        MetricsStoreError: A parameter that is no list comes twice.
    """
    given: dict[str, object] = {}
    for name in parameters:
        values = parameters.getlist(name)
        field = form.model_fields.get(name)
        if field is None or name == "format":
            given[name] = values[-1]
            continue
        if name in _REPEATED:
            given[name] = [_condition(value) for value in values]
        elif "list" in str(field.annotation).lower():
            given[name] = [part.strip() for value in values for part in value.split(",")]
        elif len(values) > 1:
            raise MetricsStoreError("a parameter stands twice", where=name)
        else:
            given[name] = int(values[0]) if _is_number(field.annotation, values[0]) else values[0]
    return given


def _is_number(annotation: object, value: str) -> bool:
    digits = value.removeprefix("-")
    return "int" in str(annotation) and digits.isascii() and digits.isdigit() and len(digits) < 19  # noqa: PLR2004 - more has no 64-bit integer


def _condition(value: str) -> object:
    """Read a condition as an object, which begins with a brace and a key; all else is a text."""
    if _OBJECT.match(value):
        return _parsed(value.encode())
    return value


async def body_of(request: Request) -> object:
    """Read the JSON of a request.

    Raises:
        MetricsStoreError: It is no JSON.
    """
    kind = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if kind != _JSON:
        raise UnsupportedMediaTypeError(
            "the request body is in another format", where=kind[:80], expected=_JSON
        )
    return _parsed(await request.body())


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content, parse_constant=_refuse, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise MetricsStoreError(
            "the request body is not JSON", where=place, expected="a JSON object"
        ) from None


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
