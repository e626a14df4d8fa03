"""What is asked of the metrics, as every door says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from metrics_store.query.filters.tree import Filter


@dataclass(frozen=True)
class MetricRequest:
    """One question; sequences become tuples, so that equal questions are equal and hashable.

    Attributes:
        metrics: Names of metrics; none to ask for the values of the group-bys.
        group_by: Names such as `metric_time__month`, `owner__owner_name` or, for a part of a time,
            `metric_time__extract_month`.
        order_by: Names out of the two above, `-` in front for descending; by default the group-bys.
        limit: Greatest number of rows.
        start_time: First instant that counts, widened to whole periods by MetricFlow.
        end_time: Last instant that counts.
        saved_query: Name of a saved query, in place of metrics and group-bys.
        where: What must hold for the rows that count.
        aliases: Pairs of a metric's name and what its column is to be called.
    """

    metrics: Sequence[str] = ()
    group_by: Sequence[str] = ()
    order_by: Sequence[str] = ()
    limit: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    saved_query: str | None = None
    where: Filter | None = None
    aliases: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        """Make tuples of the sequences."""
        for name in ("metrics", "group_by", "order_by", "aliases"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
