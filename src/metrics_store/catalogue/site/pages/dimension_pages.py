"""What the page of a dimension says."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.content.site_client import request_answer
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from metrics_store.catalogue.site.content.dimension_paths import DimensionPaths
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.query.definitions.definition_entries import DimensionDefinition

_SAMPLES = 12
_MOST_COUNTED = 1000
_CATEGORICAL = "categorical"


@dataclass(frozen=True)
class Values:
    """Values of a dimension.

    Attributes:
        samples: The first of them, in order.
        count: How many there are, in words.
        problem: Why none are shown.
    """

    samples: tuple[str, ...] = ()
    count: str = ""
    problem: str = ""


@dataclass(frozen=True)
class DimensionPage:
    """One dimension.

    Attributes:
        dimension: Its definition, under its shortest name.
        semantic_model: The semantic model that it is of; empty where each has it.
        metrics: Each name it can be asked by -> the metrics that can be grouped by it.
        asked: Asks for its values; none for times.
    """

    dimension: DimensionDefinition
    semantic_model: str
    metrics: dict[str, list[str]]
    asked: Callable[[], Values] | None

    @functools.cached_property
    def values(self) -> Values | None:
        """Its values; none for times."""
        return None if self.asked is None else self.asked()

    @property
    def entity(self) -> str:
        """The entity that it is of; empty for `metric_time`."""
        return self.dimension.qualified_name.rpartition("__")[0]

    @property
    def count(self) -> int:
        """How many metrics can be grouped by it, one way or another."""
        return len({metric for metrics in self.metrics.values() for metric in metrics})


def dimension_pages(
    subject: Subject, paths: DimensionPaths, grouped: dict[str, list[str]]
) -> Iterator[DimensionPage]:
    """Collect the content of each dimension's page.

    Args:
        subject: What the site is about.
        paths: The names of the dimensions.
        grouped: Name of a dimension -> the metrics that can be grouped by it.
    """
    for shortest, names in paths.pages.items():
        dimension = paths.dimensions[shortest]
        yield DimensionPage(
            dimension=dimension,
            semantic_model=paths.semantic_model(shortest),
            metrics={name: grouped[name] for name in names if grouped.get(name)},
            asked=functools.partial(_values, subject, shortest)
            if dimension.type == _CATEGORICAL
            else None,
        )


def _values(subject: Subject, path: str) -> Values:
    request = MetricRequest(group_by=[path], limit=_MOST_COUNTED + 1)
    answer = request_answer(subject.client, request)
    if answer.table is None:
        return Values(problem=answer.problem)
    readable = answer.readable
    values = [] if readable is None else readable.values(path)
    found = [] if readable is None else readable.texts(path, [v for v in values if v is not None])
    count = f"more than {_MOST_COUNTED:,}" if len(found) > _MOST_COUNTED else f"{len(found):,}"
    return Values(tuple(found[:_SAMPLES]), count)


def metrics_by_dimension(subject: Subject) -> dict[str, list[str]]:
    """Give the metrics that can be grouped by each dimension, by all of its names."""
    found: dict[str, list[str]] = {}
    for metric in subject.metrics:
        for one in subject.definitions.dimensions([metric]):
            found.setdefault(one.qualified_name, []).append(metric)
    return found
