"""The endpoint that answers several questions in one request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
from starlette.responses import Response

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.http.problems import NotAcceptableError, problem_of
from metrics_store.serve.monitoring.request_log import record_fields
from metrics_store.serve.rest import formats
from metrics_store.serve.rest.responses import page_of

if TYPE_CHECKING:
    from metrics_store.engine.answer import Answer
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.serve.rest.rest_request import RestRequest

_HEADERS = {"Cache-Control": "private, no-store", "Vary": "Accept, Authorization"}


def queries(request: RestRequest) -> Response:
    """Answer several questions: as JSON, or as one Arrow stream after the other."""
    chosen = formats.wanted(request.accept, request.named_format)
    writers = {"json": _as_json, "arrow": _as_arrow}
    if chosen.name not in writers:
        raise NotAcceptableError(
            "several answers do not fit into one file of this format",
            where=chosen.name,
            expected=" or ".join(writers),
        )
    results: dict[int, Answer | MetricsStoreError] = {}
    asked: dict[int, tuple[MetricRequest, Call]] = {}
    for number, form in enumerate(request.form.queries):
        try:
            asked[number] = (form.request(), request.call.part(number + 1))
        except MetricsStoreError as error:
            results[number] = error
    answered = request.service.engine.answer_many(list(asked.values()), request.principal)
    results |= dict(zip(asked, answered, strict=True))
    ordered = [results[number] for number in sorted(results)]
    record_fields(
        queries=len(ordered), failed=sum(isinstance(one, MetricsStoreError) for one in ordered)
    )
    write = writers[chosen.name]
    pieces = [
        write(one, f"{request.call.request_id}-{number}") for number, one in enumerate(ordered, 1)
    ]
    body = b"".join(pieces) if chosen.name == "arrow" else _listed(pieces)
    return Response(body, headers=_HEADERS, media_type=chosen.media_type)


def _listed(pieces: list[bytes]) -> bytes:
    return b'{"answers": [' + b",\n".join(pieces) + b"]}\n"


def _as_json(one: Answer | MetricsStoreError, request_id: str) -> bytes:
    if isinstance(one, MetricsStoreError):
        return problem_of(one, request_id).model_dump_json(exclude_none=True).encode()
    page = page_of(one.table.num_rows, 1, None).model_dump()
    facts: dict[str, object] = {"data_version": one.data_version, "page": page}
    if one.reference_date is not None:
        facts["reference_date"] = one.reference_date.isoformat()
    lists = {
        "warnings": one.warnings,
        "warning_kinds": one.warning_kinds,
        "rollups": one.rollups,
        "rollup_reasons": one.rollup_reasons,
    }
    facts.update({name: list(texts) for name, texts in lists.items() if texts})
    return b"".join(formats.as_json(one.table, facts)).rstrip()


def _as_arrow(one: Answer | MetricsStoreError, request_id: str) -> bytes:
    """Write a stream whose schema says what else is to be known of the answer."""
    if isinstance(one, MetricsStoreError):
        problem = problem_of(one, request_id).model_dump(exclude_none=True)
        empty = pa.schema([], metadata={"problem": json.dumps(problem)}).empty_table()
        return b"".join(formats.as_arrow(empty, {}))
    known = one.table.schema.metadata or {}
    more = {b"data_version": one.data_version.encode(), b"request_id": request_id.encode()}
    return b"".join(formats.as_arrow(one.table.replace_schema_metadata({**known, **more}), {}))
