"""Proposes roll-ups for what is asked most: one for each semantic model and time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.resolution.requested_names import requested_metrics
from metrics_store.query.rollups.coverage import CoverageFinder
from metrics_store.query.rollups.metric_leaves import MetricLeaves
from metrics_store.query.rollups.stored_aggregates import is_distinct_count, unrollable_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from metrics_store.query.planner import Planner
    from metrics_store.query.rollups.metric_leaves import Needed

# A grain of more names has nearly as many rows as the mart.
_MOST_NAMES = 6
# A roll-up that is not so many times smaller than its mart is not worth its build.
_WORTH = 5


@dataclass(frozen=True)
class RollupSuggestion:
    """A roll-up that would answer questions.

    Attributes:
        name: What its saved query could be called.
        model: The semantic model.
        metrics: The metrics that it would store.
        names: What it would store them by, besides days.
        covered: How many questions it would answer.
        asked: How many questions of the model could be answered from a roll-up at all.
        rows: About how many rows it would have.
        of_rows: How many rows the mart has.
    """

    name: str
    model: str
    metrics: tuple[str, ...]
    names: tuple[str, ...]
    covered: int
    asked: int
    rows: int
    of_rows: int


class RollupSuggester:
    """Proposes roll-ups over the definitions of a planner.

    Args:
        planner: Knows the definitions.
        count: Gives the number of rows of a query.
    """

    def __init__(self, planner: Planner, count: Callable[[str], int]) -> None:
        self._planner = planner
        self._count = count
        self._leaves = MetricLeaves(planner)
        self._coverage = CoverageFinder(planner, ())
        self._relations = {
            model.name: model.node_relation.relation_name
            for model in planner.manifest.semantic_models
        }

    def suggestions(self, questions: Iterable[MetricRequest]) -> list[RollupSuggestion]:
        """Give a proposal for each semantic model and time of it, what covers most first."""
        asked: dict[tuple[str, str], Counter[tuple[str, frozenset[str]]]] = {}
        for question in questions:
            for key, metric, names in self._parts(question):
                asked.setdefault(key, Counter())[metric, names] += 1
        models = Counter(model for model, _ in asked)
        found = []
        for (model, time), counted in asked.items():
            name = f"{model}_by_day" if models[model] == 1 else f"{model}_by_{time}"
            suggestion = self._suggestion(name, model, counted)
            if suggestion is not None:
                found.append(suggestion)
        return sorted(found, key=lambda one: (-one.covered, one.name))

    def _suggestion(
        self, name: str, model: str, counted: Counter[tuple[str, frozenset[str]]]
    ) -> RollupSuggestion | None:
        sets: Counter[frozenset[str]] = Counter()
        for (_, names), times in counted.items():
            sets[names] += times
        of_rows = self._count(f"SELECT * FROM {self._relations[model]}")  # noqa: S608 - out of the definitions
        while sets:
            names = _chosen(sets)
            metrics = sorted({metric for (metric, one), _ in counted.items() if one <= names})
            metrics = [one for one in metrics if self._fits(one, names)]
            rows = self._rows(metrics, names)
            covered = sum(
                times
                for (metric, one), times in counted.items()
                if one <= names and metric in metrics
            )
            if metrics and (rows * _WORTH <= of_rows or not names):
                return RollupSuggestion(
                    name,
                    model,
                    tuple(metrics),
                    tuple(sorted(names)),
                    covered,
                    sum(counted.values()),
                    rows,
                    of_rows,
                )
            # The widest makes way; of several, what is asked least.
            del sets[min(sets, key=lambda one: (-len(one), sets[one], sorted(one)))]
        return None

    def _fits(self, metric: str, names: Iterable[str]) -> bool:
        try:
            self._planner.resolve(MetricRequest([metric], [METRIC_TIME, *sorted(names)]))
        except MetricsStoreError:
            return False
        return True

    def _rows(self, metrics: Sequence[str], names: Iterable[str]) -> int:
        """Give about how many rows a grain has: those that have some metric by it."""
        if not metrics:
            return 0
        request = MetricRequest(metrics[:1], [METRIC_TIME, *sorted(names)])
        return self._count(self._planner.plan(request))

    def _parts(
        self, question: MetricRequest
    ) -> Iterable[tuple[tuple[str, str], str, frozenset[str]]]:
        """Give the simple metrics of a question, each with its model and the names it needs."""
        try:
            known = self._planner.resolve(question)
            needed = self._coverage.needed(known)
        except MetricsStoreError:
            # The definitions are others now.
            return
        if needed is None:
            return
        for leaf in self._leaves.of([*requested_metrics(self._planner.manifest, known)]):
            given = leaf.input
            if leaf.unrollable or unrollable_reason(given) or is_distinct_count(given):
                continue
            names = self._stored_names(leaf.metric, {*needed, *leaf.names})
            yield (leaf.model, leaf.time), leaf.metric, names

    def _stored_names(self, metric: str, needed: Iterable[Needed]) -> frozenset[str]:
        kinds = self._planner.kinds(metric)
        found = set()
        for one in needed:
            if one.path != METRIC_TIME:
                is_time = kinds.get(one.path) is Kind.TIME_DIMENSION
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
            "name": one.name,
            "description": f"Roll-up of {one.model}.",
            "query_params": {
                "metrics": list(one.metrics),
                "group_by": [METRIC_TIME, *one.names],
            },
            # Metrics that have no meaning by day are made of days all the same.
            "config": {"meta": {"rollup": {"grain": "day"}}},
        }
        text: str = yaml.safe_dump([saved], sort_keys=False, width=100)
        parts.append(
            f"# covers {one.covered} of {one.asked} metrics asked of {one.model}; about "
            f"{one.rows:,} rows in place of {one.of_rows:,}\n{text}"
        )
    return "saved_queries:\n" + "".join(parts) if parts else ""
