"""Endpoints that run requests: rows, SQL, and the values of a dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from metrics_store.engine.call import NotKeptError
from metrics_store.errors import MetricsStoreError
from metrics_store.serve.rest import formats
from metrics_store.serve.rest.responses import (
    CompiledAnswer,
    not_modified,
    rows,
    warning_headers,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal
    from metrics_store.engine.answer import Answer
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.serve.rest.rest_request import RestRequest


def query(request: RestRequest) -> Response:
    """Answer a request with rows."""
    return _answered(request, request.service.engine.answer)


def dimension_values(request: RestRequest) -> Response:
    """Answer with the values of a dimension, for given metrics only those that they have."""
    return _answered(request, request.service.engine.dimension_values)


def compiled(request: RestRequest) -> Response:
    """Answer with the SQL of a request."""
    sql = request.service.engine.compile(request.form.request(), request.principal, request.call)
    call = request.call
    answer = CompiledAnswer(
        sql=sql,
        warnings=list(call.warnings),
        warning_kinds=[one.kind.value for one in call.notices],
        rollups=list(call.rollups),
        rollup_reasons=list(call.rollup_reasons),
        rewrites=list(call.rewrites),
    )
    return Response(
        answer.model_dump_json(exclude_defaults=True),
        headers={"Cache-Control": "private, no-store", **warning_headers(call.warnings)},
        media_type="application/json",
    )


def _answered(
    request: RestRequest,
    answer: Callable[[MetricRequest, Principal, Call], Answer],
) -> Response:
    """Answer with a page of the rows that the engine gives."""
    wanted = request.form.request()
    if request.call.at_once and not request.service.engine.is_current:
        raise NotKeptError
    if request.form.page > 1 and request.form.page_size is None:
        raise MetricsStoreError("a page has no size", where="page", expected="page_size as well")
    chosen = formats.wanted(request.accept, request.named_format)
    what = (wanted, chosen.name, request.form.page, request.form.page_size)
    # Rows that others may write to at any time are read each time.
    certain = request.service.engine.data_version_is_certain
    known = not_modified(request, *what) if certain else None
    if known is not None:
        return known
    given = answer(wanted, request.principal, request.call)
    return rows(request, given.table, given.data_version, chosen, what, tagged=certain)
