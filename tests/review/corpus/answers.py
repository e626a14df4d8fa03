"""What the metrics answer on both sides of a change."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.query.planner import Planner, parse_semantic_manifest
from metrics_store.query.request import MetricRequest
from metrics_store.review.definitions.made_of import inputs_of, measures_beneath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.corpus.market import Compiled
    from review.corpus.tables import Tables

MONTH = "metric_time__month"
_ALWAYS = ("metric_time", MONTH, "metric_time__market_quarter")
_WORDS = {"description", "label", "config", "metadata"}
_DIGITS = 9


@dataclass
class Plans:
    """The SQL of questions, planned once for all projects in which it must be the same.

    MetricFlow plans a metric from the metrics and measures that it is made of, the semantic
    models' dimensions and entities, and the time spines, and from nothing else.
    """

    _kept: dict[tuple[str, ...], str] = field(default_factory=dict)

    def of(self, side: Side, request: MetricRequest) -> str:
        """Give the SQL of a question; a refusal is an empty text."""
        key = (side.essence(request), *request.metrics, "", *(str(one) for one in request.group_by))
        if request.saved_query is not None or key not in self._kept:
            self._kept[key] = self._plan(side.planner, request)
        return self._kept[key]

    @staticmethod
    def _plan(planner: Planner, request: MetricRequest) -> str:
        try:
            return planner.plan(request)
        except MetricsStoreError:
            return ""


class Side:
    """One side of a change.

    Args:
        compiled: The project.
        tables: Its tables.
    """

    def __init__(self, compiled: Compiled, tables: Tables) -> None:
        self.compiled = compiled
        self.tables = tables
        self._manifest = compiled.semantic_manifest
        self._metrics = {one["name"]: one for one in self._manifest["metrics"]}
        self._planner: Planner | None = None
        self._essences: dict[tuple[str, ...], str] = {}

    @property
    def planner(self) -> Planner:
        """The planner, made when it is first needed."""
        if self._planner is None:
            manifest = parse_semantic_manifest(json.dumps(self._manifest))
            self._planner = Planner(manifest, "duckdb")
        return self._planner

    def essence(self, request: MetricRequest) -> str:
        """Give all that the plan of a question can depend on, as a text."""
        if request.metrics not in self._essences:
            self._essences[request.metrics] = self._essence(request.metrics)
        return self._essences[request.metrics]

    def _essence(self, names: tuple[str, ...]) -> str:
        metrics = self._beneath(names)
        measures = {one for name in names for one in measures_beneath(name, self._metrics)}
        for name in metrics:
            measures.update(measures_beneath(name, self._metrics))
        models = [
            {
                **model,
                "measures": [one for one in model["measures"] or () if one["name"] in measures],
            }
            for model in self._manifest["semantic_models"]
        ]
        parts = [
            {name: self._metrics[name] for name in sorted(metrics)},
            models,
            self._manifest["project_configuration"],
        ]
        return json.dumps(_without_words(parts), sort_keys=True)

    def _beneath(self, names: tuple[str, ...]) -> set[str]:
        """Give these metrics and those that they are made of, or name in a filter."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in self._metrics and name not in found:
                found.add(name)
                waiting += inputs_of(self._metrics[name])
                text = json.dumps(self._metrics[name])
                waiting += [other for other in self._metrics if f"Metric('{other}'" in text]
        return found


def _without_words(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without_words(one) for key, one in part.items() if key not in _WORDS}
    return [_without_words(one) for one in part] if isinstance(part, list) else part


@dataclass(frozen=True)
class Both:
    """Both sides of a change.

    Attributes:
        base: Before.
        head: After.
        plans: Plans that are known.
        same: The tables that are the same.
    """

    base: Side
    head: Side
    plans: Plans
    same: frozenset[str]

    def differ(self, request: MetricRequest) -> bool:
        """Ask both sides and say whether they answer otherwise."""
        old, new = self.plans.of(self.base, request), self.plans.of(self.head, request)
        if old == new and not self._reads_other_rows(old):
            return False
        return _rows(self.base, old) != _rows(self.head, new)

    def metric_differs(self, metric: str, group_by: str) -> bool:
        """Say whether a metric has other values by something."""
        request = MetricRequest(metrics=(metric,), group_by=(group_by,))
        if not self.plans.of(self.base, request) and not self.plans.of(self.head, request):
            # A metric of another time is asked by time.
            request = MetricRequest(metrics=(metric,), group_by=(MONTH, group_by))
        return self.differ(request)

    def group_bys(self, metric: str) -> Iterator[str]:
        """Give what a metric can be asked by on both sides."""
        after = set(self.head.planner.group_bys(metric))
        yield from _ALWAYS
        for name in self.base.planner.group_bys(metric):
            if name in after and name not in _ALWAYS:
                yield name

    def _reads_other_rows(self, sql: str) -> bool:
        lowered = sql.lower()
        relations = {*self.base.tables.rows, *self.head.tables.rows} - self.same
        return any(name.lower().replace('"', "") in lowered.replace('"', "") for name in relations)


def _rows(side: Side, sql: str) -> Counter[tuple[Any, ...]] | None:
    if not sql:
        return None
    return Counter(tuple(map(_rounded, row)) for row in side.tables.ask(sql))


def _rounded(value: Any) -> Any:
    if not isinstance(value, float) or not value or not math.isfinite(value):
        return str(value) if isinstance(value, float) else value
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))
