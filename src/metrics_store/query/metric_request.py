"""A request for metrics, the same for every interface."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.spans.asked_period import AskedPeriod


@dataclass(frozen=True)
class MetricRequest:
    """One request; sequences become tuples, so that equal requests are equal and hashable.

    Attributes:
        metrics: Names of metrics; none for the values of the group-bys.
        group_by: Names such as `metric_time__month`, `owner__owner_name` or, for a part of a time,
            `metric_time__extract_month`.
        order_by: Names out of the two above, `-` in front for descending; by default the group-bys.
        limit: Greatest number of rows.
        start_time: First day that counts; at midnight it is the day, else a time of it.
        end_time: Last day that counts, likewise.
        period: The days that count by the name of their period, in place of start and end.
        saved_query: Name of a saved query, in place of metrics and group-bys.
        where: What must hold for the rows that count.
        aliases: Pairs of a metric's name and what its column is to be called.
        conditions: What must hold besides, each of them on its own; only a resolved request has
            them, in the place of its start and end.
    """

    metrics: Sequence[str] = ()
    group_by: Sequence[str] = ()
    order_by: Sequence[str] = ()
    limit: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    period: AskedPeriod | None = None
    saved_query: str | None = None
    where: Filter | None = None
    aliases: Sequence[tuple[str, str]] = ()
    conditions: Sequence[Filter] = ()

    def __post_init__(self) -> None:
        """Make tuples of the sequences."""
        for name in ("metrics", "group_by", "order_by", "aliases", "conditions"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


def span_value(given: datetime) -> date:
    """Give the day that is meant by a start or an end, or the time where it is one of a day."""
    return given.date() if given.time() == time() else given


def span_values(request: MetricRequest) -> list[date]:
    """Give what is meant by a request's start and end, in this order, as far as they are said."""
    ends = (request.start_time, request.end_time)
    return [span_value(given) for given in ends if given is not None]


def check_span(request: MetricRequest) -> None:
    """Reject a request for a time that ends before it starts, which a kept plan does not see.

    Raises:
        MetricsStoreError: It does.
    """
    if request.start_time and request.end_time and request.start_time > request.end_time:
        raise MetricsStoreError(
            "the time asked for ends before it starts",
            where=f"{request.start_time} to {request.end_time}",
            remedy="say the earlier of the two as the start",
        )
