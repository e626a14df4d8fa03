"""The requests of a value diff: every saved query, and each metric alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.catalogue_entries import example_question
from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.definitions import definitions_of
from metrics_store.query.filters.parser.filter_parser import parse_filters
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.planner import Planner

TOTAL = "total"


@dataclass(frozen=True)
class Question:
    """One thing that is asked of both sides.

    Attributes:
        name: The saved query that it comes from, or how it groups.
        metrics: The metrics.
        group_by: What they are grouped by.
        where: What must hold.
    """

    name: str
    metrics: tuple[str, ...]
    group_by: tuple[str, ...] = ()
    where: Filter | None = None

    def request(self, metrics: Sequence[str] | None = None) -> MetricRequest:
        """Give it as a request, for some of its metrics or all."""
        requested = self.metrics if metrics is None else metrics
        return MetricRequest(metrics=requested, group_by=self.group_by, where=self.where)


def find_questions(planner: Planner, metrics: Sequence[str]) -> Iterator[Question]:
    """Give the questions that show what metrics answer.

    Each saved query is asked whole, without its limit; each metric in none of them by the time and
    grain of its example; and each metric in total.

    Args:
        planner: Plans on the definitions whose saved queries are asked.
        metrics: The metrics that are on both sides.
    """
    wanted = set(metrics)
    covered: set[str] = set()
    defined = definitions_of(planner)
    for saved in defined.saved_queries():
        requested = tuple(name for name in saved.metrics if name in wanted)
        if not requested:
            continue
        try:
            where = parse_filters(saved.where) if saved.where else None
        except MetricsStoreError:
            # A filter that only MetricFlow understands: its metrics are asked without it.
            where = None
        group_by = tuple(one.requested_as for one in saved.group_by)
        yield Question(saved.name, requested, group_by, where)
        if saved.group_by:
            covered.update(requested)
    for name in metrics:
        yield Question(TOTAL, (name,))
        if name not in covered:
            example = example_question(name, dict(defined.metric(name).meta))
            yield Question(", ".join(example.group_by), (name,), tuple(example.group_by))
