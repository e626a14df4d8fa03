"""What the metrics answer on both sides of a change."""

from __future__ import annotations

import functools
import json
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.planner import Planner
from metrics_store.review.definitions.metric_inputs import component_measures, input_metrics
from review.corpus.groups import CONVERSIONS

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
        self._metrics_beneath: dict[tuple[str, ...], str] = {}
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
        measures = {one for name in metrics for one in component_measures(name, self._metrics)}
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
        spines = [
            {
                **spine,
                "custom_granularities": [
                    one for one in spine["custom_granularities"] if one["name"] in words
                ],
            }
            for spine in self._manifest["project_configuration"]["time_spines"]
        ]
        relations = [one["node_relation"] for one in (*models, *spines)]
        return Essence(
            json.dumps([parts, _without_words(models), spines], sort_keys=True),
            frozenset(one["relation_name"] for one in relations),
        )

    @functools.cached_property
    def models(self) -> str:
        """All semantic models and time spines, without words."""
        parts = [self._manifest["semantic_models"], self._manifest["project_configuration"]]
        return json.dumps(_without_words(parts), sort_keys=True)

    def beneath(self, names: tuple[str, ...]) -> str:
        """Give metrics and what they are made of, without words."""
        if names not in self._metrics_beneath:
            found = {name: self._metrics[name] for name in self._beneath(names)}
            self._metrics_beneath[names] = json.dumps(_without_words(found), sort_keys=True)
        return self._metrics_beneath[names]

    def _beneath(self, names: tuple[str, ...]) -> set[str]:
        """Give these metrics and those that they are made of, or name in a filter."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in self._metrics and name not in found:
                found.add(name)
                waiting += input_metrics(self._metrics[name])
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
        "name": "",  # nobody asks by it
        "measures": [one for one in model["measures"] or () if one["name"] in measures],
        "dimensions": [
            one
            for one in model["dimensions"] or ()
            if one["name"] in words or (one["type_params"] or {}).get("validity_params")
        ],
        "entities": [one for one in model["entities"] if one["name"] in words],
    }


def _without_words(part: object) -> object:
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
        if not old or not new:
            return old != new
        before, after = self.base.tables.ask(old), self.head.tables.ask(new)
        names = [name for name in before if name in after]
        rows, rows_now = _rows(before, names), _rows(after, names)
        if len(after) > len(names):
            # One metric more is no other answer, nor is a row in which only it has a value.
            rows_now = Counter({row: times for row, times in rows_now.items() if None not in row})
            rows = Counter({row: times for row, times in rows.items() if None not in row})
        return len(names) < len(before) or rows != rows_now

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
            if name in after and name not in _ALWAYS and not _is_left_to_chance(metric, name):
                yield name

    def _must_be_equal(self, request: MetricRequest) -> bool:
        old = self.base.essence(request)
        new = old if self._is_defined_alike(request) else self.head.essence(request)
        return old == new and old.relations <= self.same

    def _is_defined_alike(self, request: MetricRequest) -> bool:
        """Say whether all that is defined is the same, but for other metrics."""
        names = tuple(request.metrics)
        return self.base.models == self.head.models and self.base.beneath(
            names
        ) == self.head.beneath(names)

    def _reads_other_rows(self, sql: str) -> bool:
        lowered = sql.lower()
        relations = {*self.base.tables.rows, *self.head.tables.rows} - self.same
        return any(name.lower().replace('"', "") in lowered.replace('"', "") for name in relations)


def _is_left_to_chance(metric: str, group_by: str) -> bool:
    """Say whether MetricFlow gives a conversion to any one of several visits of a day."""
    return f"metric {metric}" in CONVERSIONS and group_by.partition("__")[0] == "visit"


def _rows(table: dict[str, list[Any]], names: list[str]) -> Counter[tuple[Any, ...]]:
    return Counter(
        tuple(map(_rounded, row)) for row in zip(*(table[name] for name in names), strict=True)
    )


def _rounded(value: object) -> object:
    if not isinstance(value, float) or not value or not math.isfinite(value):
        return str(value) if isinstance(value, float) else value
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))
