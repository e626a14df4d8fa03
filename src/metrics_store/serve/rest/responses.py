"""Responses with what all answers have in common: tags, caching, pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from metrics_store.query.output.table_notices import NoticeKind, reference_date_of
from metrics_store.serve.http.problems import Problem  # noqa: TC001 - pydantic reads it
from metrics_store.serve.monitoring.request_log import CURRENT_RECORD
from metrics_store.serve.rest.entity_tags import entity_tag, matches
from metrics_store.serve.rest.formats import PIECE_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from metrics_store.serve.rest.formats import Format
    from metrics_store.serve.rest.rest_request import RestRequest

Item = TypeVar("Item")
_WARNINGS = "What is to be known of the metrics asked for; left out without any."
_WARNING_KINDS = (
    "What each warning is about: " + ", ".join(NoticeKind) + "; left out without any warnings."
)
_ROLLUPS = "The roll-ups that it is answered from; left out without any."
_ROLLUP_REASONS = "Why it, or a part of it, is not answered from others; left out without any."
# Proxies take headers of some kilobytes.
_LONGEST_HEADER = 2_000


class Page(BaseModel):
    """Which part of an answer this is."""

    number: int = Field(description="Which page; the first is 1.")
    size: int = Field(description="How many fit on a page.")
    total_items: int = Field(description="How many there are on all pages.")
    total_pages: int = Field(description="How many pages there are; at least 1.")


class Items(BaseModel, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    page: Page


class Column(BaseModel):
    """A column of an answer."""

    name: str
    type: str = Field(description="Its Arrow type.")
    unit: str | None = Field(default=None, description="The unit of its values.")


class QueryAnswer(BaseModel):
    """An answer; the keys of a row are the names of the columns."""

    data_version: str = Field(description="Changes when the data or the definitions change.")
    reference_date: str | None = Field(
        default=None,
        description="The last day that the data tell of, from which periods are counted; left out "
        "where the definitions declare none.",
        examples=["2024-12-31"],
    )
    page: Page
    columns: list[Column]
    rows: list[dict[str, object]]
    warnings: list[str] = Field(default=[], description=_WARNINGS)
    warning_kinds: list[str] = Field(default=[], description=_WARNING_KINDS)
    rollups: list[str] = Field(default=[], description=_ROLLUPS)
    rollup_reasons: list[str] = Field(default=[], description=_ROLLUP_REASONS)


class QueryAnswers(BaseModel):
    """Answers to several questions, in their order."""

    answers: list[QueryAnswer | Problem] = Field(
        description="Each an answer, or the problem that its question has."
    )


class CompiledAnswer(BaseModel):
    """The SQL of a question."""

    sql: str
    warnings: list[str] = Field(default=[], description=_WARNINGS)
    warning_kinds: list[str] = Field(default=[], description=_WARNING_KINDS)
    rollups: list[str] = Field(default=[], description=_ROLLUPS)
    rollup_reasons: list[str] = Field(default=[], description=_ROLLUP_REASONS)
    rewrites: list[str] = Field(
        default=[], description="How the plan was made faster, and what of it was not and why."
    )


def page_of(total: int, number: int, size: int | None) -> Page:
    """Describe a page of a whole; without a size, it is the whole."""
    size = size or max(total, 1)
    return Page(number=number, size=size, total_items=total, total_pages=max(1, -(-total // size)))


def sliced(items: Sequence[Item], number: int, size: int) -> tuple[Sequence[Item], Page]:
    """Give a page of a list."""
    start = (number - 1) * size
    return items[start : start + size], page_of(len(items), number, size)


def headers(data_version: str, tag: str | None) -> dict[str, str]:
    """Give the headers of an answer: only its own caller may cache it, and must revalidate it."""
    found = {
        "Cache-Control": "private, no-cache" if tag else "private, no-store",
        "Vary": "Accept, Authorization",
        "X-Data-Version": data_version,
    }
    return {**found, "ETag": tag} if tag else found


def warning_headers(warnings: Sequence[str]) -> dict[str, str]:
    """Give the warnings of an answer as a header, for forms that have no other place for them.

    It is a JSON list in ASCII; where it would be too long, the last ones are left out.
    """
    kept = list(warnings)
    while kept and len(json.dumps(kept)) > _LONGEST_HEADER:
        kept.pop()
    return {"X-Warnings": json.dumps(kept)} if kept else {}


def not_modified(request: RestRequest, *what: object) -> Response | None:
    """Answer 304 where the caller has the answer already; else none.

    Args:
        request: The request.
        what: What is requested, in which format.
    """
    if request.if_none_match is None:
        return None
    version = request.service.engine.data_version
    tag = entity_tag(version, request.principal, request.path, *what)
    if not matches(request.if_none_match, tag):
        return None
    record = CURRENT_RECORD.get()
    if record is not None:
        record.outcome = "not_modified"
    return Response(status_code=304, headers=headers(version, tag))


def document(request: RestRequest, content: BaseModel, *what: object) -> Response:
    """Answer with a JSON document."""
    version = request.service.engine.data_version
    tag = entity_tag(version, request.principal, request.path, *what)
    return Response(
        content.model_dump_json(), 200, headers(version, tag), media_type="application/json"
    )


def rows(  # noqa: PLR0913 - an argument a part of the answer
    request: RestRequest,
    table: pa.Table,
    data_version: str,
    chosen: Format,
    what: tuple[object, ...],
    *,
    tagged: bool,
) -> Response:
    """Answer with a page of rows, a large one a piece at a time; `tagged` gives it an ETag."""
    number, size = request.form.page, request.form.page_size
    page = page_of(table.num_rows, number, size)
    shown = table.slice((number - 1) * page.size, page.size)
    tag = entity_tag(data_version, request.principal, request.path, *what) if tagged else None
    more = {"X-Total-Rows": str(page.total_items), "X-Total-Pages": str(page.total_pages)}
    facts = {"data_version": data_version, "page": page.model_dump()}
    call = request.call
    lists = {
        "warnings": call.warnings,
        "warning_kinds": [one.kind.value for one in call.notices],
        "rollups": call.rollups,
        "rollup_reasons": call.rollup_reasons,
    }
    reference = reference_date_of(table.schema)
    if reference is not None:
        facts["reference_date"] = more["X-Reference-Date"] = reference.isoformat()
    facts.update({name: list(texts) for name, texts in lists.items() if texts})
    found = {**headers(data_version, tag), **more, **warning_headers(call.warnings)}
    pieces = chosen.write(shown, facts)
    if shown.num_rows <= PIECE_ROWS:
        # Each piece of a stream is waited for in a thread of its own.
        return Response(b"".join(pieces), headers=found, media_type=chosen.media_type)
    return StreamingResponse(pieces, headers=found, media_type=chosen.media_type)
