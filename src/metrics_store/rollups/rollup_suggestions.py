"""Proposes roll-ups for what is asked most: one for each semantic model and time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.resolution.requested_names import requested_metrics
from metrics_store.query.rollups.coverage import CoverageFinder
from metrics_store.query.rollups.metric_leaves import MetricLeaves
from metrics_store.query.rollups.stored_aggregates import unrollable_reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner
    from metrics_store.query.rollups.metric_leaves import Needed

# A grain of more names has nearly as many rows as the mart.
_MOST_NAMES = 6


@dataclass
class RollupSuggestion:
    """A roll-up that would answer questions.

    Attributes:
        model: The semantic model.
        metrics: The metrics that it would store.
        names: What it would store them by.
        covered: How many questions it would answer.
        asked: How many questions of the model could be answered from a roll-up at all.
    """

    model: str
    metrics: Counter[str] = field(default_factory=Counter)
    names: tuple[str, ...] = ()
    covered: int = 0
    asked: int = 0


class RollupSuggester:
    """Proposes roll-ups over the definitions of a planner.

    Args:
        planner: Knows the definitions.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._leaves = MetricLeaves(planner)
        self._coverage = CoverageFinder(planner, ())

    def suggestions(self, questions: Iterable[MetricRequest]) -> list[RollupSuggestion]:
        """Give a proposal for each semantic model and time of it, what covers most first."""
        asked: dict[tuple[str, str], Counter[frozenset[str]]] = {}
        metrics: dict[tuple[str, str], Counter[str]] = {}
        for question in questions:
            for key, names, metric in self._parts(question):
                asked.setdefault(key, Counter())[names] += 1
                metrics.setdefault(key, Counter())[metric] += 1
        found = []
        for key, sets in asked.items():
            names = _chosen(sets)
            found.append(
                RollupSuggestion(
                    key[0],
                    metrics[key],
                    tuple(sorted(names)),
                    sum(count for one, count in sets.items() if one <= names),
                    sum(sets.values()),
                )
            )
        return sorted(found, key=lambda one: (-one.covered, one.model))

    def _parts(
        self, question: MetricRequest
    ) -> Iterable[tuple[tuple[str, str], frozenset[str], str]]:
        """Give, for each model of a question, the names that it needs and a metric of it."""
        try:
            known = self._planner.resolve(question)
            needed = self._coverage.needed(known)
        except MetricsStoreError:
            # The definitions are others now.
            return
        if needed is None:
            return
        seen = set()
        for leaf in self._leaves.of([*requested_metrics(self._planner.manifest, known)]):
            if leaf.unrollable or unrollable_reason(leaf.input):
                continue
            key = (leaf.model, leaf.time)
            names = self._stored_names(leaf.metric, {*needed, *leaf.names})
            if key not in seen:
                yield key, names, leaf.metric
            seen.add(key)

    def _stored_names(self, metric: str, needed: Iterable[Needed]) -> frozenset[str]:
        kinds = self._planner.kinds(metric)
        found = set()
        for one in needed:
            kind = kinds.get(one.path)
            if one.path != METRIC_TIME:
                is_time = kind is Kind.TIME_DIMENSION
                found.add(f"{one.path}__{one.grain or 'day'}" if is_time else one.path)
        return frozenset(found)


def _chosen(sets: Counter[frozenset[str]]) -> frozenset[str]:
    """Give the names of the sets that are asked most, as long as they are few together."""
    chosen: frozenset[str] = frozenset()
    for names, _ in sorted(sets.items(), key=lambda one: (-one[1], len(one[0]), sorted(one[0]))):
        if len(chosen | names) <= _MOST_NAMES:
            chosen |= names
    return chosen


def as_yaml(suggestions: Iterable[RollupSuggestion]) -> str:
    """Write proposals as saved queries, to be pasted into a file of the project."""
    parts = []
    for one in suggestions:
        saved = {
            "name": f"{one.model}_by_day",
            "description": f"Roll-up of {one.model}.",
            "query_params": {
                "metrics": sorted(one.metrics),
                "group_by": list(one.names),
            },
            # Not a group-by: a metric may have no meaning by day, and is made of days all the same.
            "config": {"meta": {"rollup": {"grain": "day"}}},
        }
        text: str = yaml.safe_dump([saved], sort_keys=False, width=100)
        parts.append(f"# covers {one.covered} of {one.asked} questions about {one.model}\n{text}")
    return "saved_queries:\n" + "".join(parts) if parts else ""
