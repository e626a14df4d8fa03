"""Questions: rows, SQL, and the values of a dimension."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from starlette.responses import Response

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
    from metrics_store.serve.rest.asked import Asked


def query(asked: Asked) -> Response:
    """Answer a question."""
    request = _in_one_order(asked.form.request(), paged=asked.form.page_size is not None)
    return _answered(asked, request, asked.service.engine.answer)


def dimension_values(asked: Asked) -> Response:
    """Answer with the values of a dimension, of some metrics those that they have."""
    return _answered(asked, asked.form.request(), asked.service.engine.dimension_values)


def compiled(asked: Asked) -> Response:
    """Answer with the SQL of a question."""
    sql = asked.service.engine.compile(asked.form.request(), asked.principal, asked.call)
    warnings = asked.call.warnings
    return Response(
        CompiledAnswer(sql=sql, warnings=list(warnings)).model_dump_json(exclude_defaults=True),
        headers={"Cache-Control": "private, no-store", **warning_headers(warnings)},
        media_type="application/json",
    )


def _answered(
    asked: Asked,
    request: MetricRequest,
    ask: Callable[[MetricRequest, Principal, Call], Answer],
) -> Response:
    """Answer with a page of the rows that the engine gives."""
    if asked.form.page > 1 and asked.form.page_size is None:
        raise MetricsStoreError("a page has no size", where="page", expected="page_size as well")
    chosen = formats.wanted(asked.accept, asked.named_format)
    what = (request, chosen.name, asked.form.page, asked.form.page_size)
    # Rows that others may write to at any time are asked for each time.
    certain = asked.service.engine.data_version_is_certain
    known = not_modified(asked, *what) if certain else None
    if known is not None:
        return known
    answer = ask(request, asked.principal, asked.call)
    return rows(asked, answer.table, answer.data_version, chosen, what, tagged=certain)


def _in_one_order(request: MetricRequest, *, paged: bool) -> MetricRequest:
    """Order the rows of pages to the last: pages of ties would repeat rows, and leave some out."""
    if not paged or not request.order_by:
        return request
    said = {name.removeprefix("-").lower() for name in request.order_by}
    others = [name for name in request.group_by if name.lower() not in said]
    return dataclasses.replace(request, order_by=(*request.order_by, *others))
