"""Requests that one statement answers: of metrics of the same rows, by the same group-bys."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.row_sources import RowSource

# More columns make a statement that takes long to plan.
_MOST_METRICS = 30


@dataclass(frozen=True)
class FusedRequest:
    """Several requests as one.

    Attributes:
        numbers: Which of all requests they are.
        request: The request with the metrics of all of them.
    """

    numbers: tuple[int, ...]
    request: MetricRequest

    def part(self, table: pa.Table, request: MetricRequest) -> pa.Table:
        """Give the answer of one of the requests out of the answer of all.

        All have the same groups, so that no row has to be left out.
        """
        group_bys = table.column_names[: len(request.group_by)]
        return table.select([*group_bys, *request.metrics])


def fused_requests(
    requests: Mapping[int, MetricRequest], sources: Mapping[str, RowSource]
) -> list[FusedRequest]:
    """Put together what one statement can answer; requests that stand alone are left out.

    Args:
        requests: The requests by their numbers.
        sources: The source of each metric whose groups are those of its rows.
    """
    alike: dict[object, list[int]] = {}
    for number, request in requests.items():
        source = _source(request, sources)
        if source is not None:
            rest = dataclasses.replace(request, metrics=())
            alike.setdefault((source, rest), []).append(number)
    return [
        FusedRequest(tuple(part), _together([requests[number] for number in part]))
        for numbers in alike.values()
        for part in _parts(numbers, requests)
        if len(part) > 1
    ]


def _source(request: MetricRequest, sources: Mapping[str, RowSource]) -> RowSource | None:
    """Give the one source of a request; none where it has several, or its rows are cut or named."""
    names = (*request.metrics, *request.group_by)
    if len(set(names)) < len(names):
        # That is an error, which whoever asks has to see.
        return None
    found = {sources.get(metric) for metric in request.metrics}
    by_metrics = {name.removeprefix("-") for name in request.order_by} - set(request.group_by)
    if len(found) != 1 or by_metrics or request.limit is not None:
        return None
    return None if request.saved_query or request.aliases else found.pop()


def _parts(numbers: Sequence[int], requests: Mapping[int, MetricRequest]) -> list[list[int]]:
    parts: list[list[int]] = [[]]
    metrics: set[str] = set()
    for number in numbers:
        metrics |= set(requests[number].metrics)
        if len(metrics) > _MOST_METRICS:
            parts.append([])
            metrics = set(requests[number].metrics)
        parts[-1].append(number)
    return parts


def _together(requests: Sequence[MetricRequest]) -> MetricRequest:
    metrics = dict.fromkeys(metric for request in requests for metric in request.metrics)
    return dataclasses.replace(requests[0], metrics=tuple(metrics))
