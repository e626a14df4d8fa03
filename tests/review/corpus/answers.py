"""What the metrics answer on both sides of a change."""

from __future__ import annotations

import json
import math
import re
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
_WORD = re.compile(r"[a-z_0-9]+")


@dataclass
class Plans:
    """The SQL of questions, planned once for all projects in which it must be the same."""

    _kept: dict[tuple[str, ...], str] = field(default_factory=dict)

    def of(self, side: Side, request: MetricRequest) -> str:
        """Give the SQL of a question; a refusal is an empty text."""
        if request.saved_query is not None:
            return self._plan(side.planner, request)
        key = (side.essence(request).text, *request.metrics, "", *request.group_by)
        if key not in self._kept:
            self._kept[key] = self._plan(side.planner, request)
        return self._kept[key]

    @staticmethod
    def _plan(planner: Planner, request: MetricRequest) -> str:
        try:
            return planner.plan(request)
        except MetricsStoreError:
            return ""


@dataclass(frozen=True)
class Essence:
    """All that the answer to a question can depend on.

    MetricFlow makes it of the metrics and measures that a metric is made of, of the dimensions and
    entities that it or the question names, of the semantic models that have these, and of the time
    spines, and of nothing else.

    Attributes:
        text: These, as the semantic manifest has them.
        relations: The tables that they read.
    """

    text: str
    relations: frozenset[str]


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
        self._essences: dict[tuple[str, ...], Essence] = {}

    @property
    def planner(self) -> Planner:
        """The planner, made when it is first needed."""
        if self._planner is None:
            manifest = parse_semantic_manifest(json.dumps(self._manifest))
            self._planner = Planner(manifest, "duckdb")
        return self._planner

    def essence(self, request: MetricRequest) -> Essence:
        """Give all that the answer to a question can depend on."""
        key = (*request.metrics, "", *request.group_by)
        if key not in self._essences:
            self._essences[key] = self._essence(request)
        return self._essences[key]

    def _essence(self, request: MetricRequest) -> Essence:
        metrics = self._beneath(tuple(request.metrics))
        measures = {one for name in metrics for one in measures_beneath(name, self._metrics)}
        parts: list[Any] = [_without_words(self._metrics[name]) for name in sorted(metrics)]
        owners = [
            {
                **model,
                "measures": [one for one in model["measures"] or () if one["name"] in measures],
                "dimensions": [],
                "entities": [],
            }
            for model in self._manifest["semantic_models"]
        ]
        owners = [one for one in owners if one["measures"]]
        text = json.dumps([request.group_by, parts, owners]).lower()
        words = {part for word in _WORD.findall(text) for part in (word, *word.split("__"))}
        used = {one["name"] for one in owners}
        models = [
            _narrowed(model, measures, words)
            for model in self._manifest["semantic_models"]
            if model["name"] in used or _keys(model) & words
        ]
        spines = self._manifest["project_configuration"]
        relations = [model["node_relation"] for model in models]
        relations += [spine["node_relation"] for spine in spines["time_spines"]]
        return Essence(
            json.dumps([parts, _without_words(models), spines], sort_keys=True),
            frozenset(one["relation_name"] for one in relations),
        )

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


def _keys(model: dict[str, Any]) -> set[str]:
    keys = {one["name"] for one in model["entities"] if one["type"] != "foreign"}
    return {*keys, model.get("primary_entity") or ""}


def _narrowed(model: dict[str, Any], measures: set[str], words: set[str]) -> dict[str, Any]:
    """Give a semantic model with what is named of it, and with what says when its rows count."""
    return {
        **model,
        "measures": [one for one in model["measures"] or () if one["name"] in measures],
        "dimensions": [
            one
            for one in model["dimensions"] or ()
            if one["name"] in words or (one["type_params"] or {}).get("validity_params")
        ],
        "entities": [one for one in model["entities"] if one["name"] in words],
    }


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
        if request.saved_query is None and self._must_be_equal(request):
            return False
        old, new = self.plans.of(self.base, request), self.plans.of(self.head, request)
        if old == new and not self._reads_other_rows(old):
            return False
        return _rows(self.base, old) != _rows(self.head, new)

    def metric_differs(self, metric: str, group_by: str) -> bool:
        """Say whether a metric has other values by something."""
        request = MetricRequest(metrics=(metric,), group_by=(group_by,))
        if self._must_be_equal(request):
            return False
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

    def _must_be_equal(self, request: MetricRequest) -> bool:
        old, new = self.base.essence(request), self.head.essence(request)
        return old == new and old.relations <= self.same

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
