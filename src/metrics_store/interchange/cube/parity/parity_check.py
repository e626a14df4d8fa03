"""Asks both sides all that the exported views can be asked, and compares."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.cube.data_model import TIME
from metrics_store.interchange.cube.parity.answer_comparison import Comparison, Difference
from metrics_store.interchange.cube.parity.parity_questions import (
    MOST_ROWS,
    Grouping,
    ParityQuestion,
)
from metrics_store.interchange.layer.metric import Aggregate, Cumulative
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.periods import GRAINS, first_day, later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from metrics_store.client.connection import Connection
    from metrics_store.interchange.cube.data_model import DataModel, View
    from metrics_store.interchange.cube.parity.cube_answers import CubeAnswers
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.query.definitions.listed_entries import DescribedMetric

_COARSE = "month"
# Values of so many dimensions of a view are chosen by a filter.
_CHOSEN = 4

_ONE_DAY = dt.timedelta(days=1)

Names = tuple[str, ...]
Span = tuple[dt.date, dt.date]
Described = dict[str, "DescribedMetric"]


@dataclass
class Findings:
    """What a check found.

    Attributes:
        equal: The questions, each of one metric, to which both gave the same.
        differences: What differs, by question.
        refused: The questions that one of the two does not answer, with what it says.
        missing: The exported metrics that the server does not have.
        cut: The questions with more groups than Cube gives, which are not compared.
    """

    equal: list[str] = field(default_factory=list)
    differences: dict[str, list[Difference]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing differs."""
        return not self.differences and not self.refused and not self.missing


@dataclass(frozen=True)
class ParityCheck:
    """A check of one server.

    Attributes:
        layer: The definitions.
        model: What was exported of them.
        connection: This engine.
        cube: The server.
    """

    layer: SemanticLayer
    model: DataModel
    connection: Connection
    cube: CubeAnswers

    def run(self, progress: Callable[[str], None]) -> Findings:
        """Ask everything.

        Args:
            progress: Is told which view comes next.

        Raises:
            MetricsStoreError: The server cannot be asked at all.
        """
        findings = Findings()
        known = self.cube.measures()
        for view in self.model.views:
            progress(view.name)
            metrics = [one.name for one in view.measures if f"{view.name}.{one.name}" in known]
            findings.missing += [
                f"{view.name}.{one.name}" for one in view.measures if one.name not in metrics
            ]
            if metrics:
                self._view(view, metrics, findings)
        return findings

    def _view(self, view: View, metrics: list[str], findings: Findings) -> None:
        described = {name: self.connection.metric(name) for name in metrics}
        for question in self._by_time(view, described):
            self._ask(question, findings)
        free = {name: one for name, one in described.items() if not one.requires_metric_time}
        for names in self._together(free):
            self._ask(ParityQuestion(view.name, names), findings)
        chosen = 0
        for dimension in view.dimensions:
            if dimension.name == METRIC_TIME:
                continue
            grouping = Grouping(dimension.name, _COARSE if dimension.type == TIME else "")
            asked = _askable(free, grouping)
            if grouping.grain:
                # Cube accumulates over the time of a dateRange only.
                asked = {name: one for name, one in asked.items() if not self._accumulates(name)}
            for names in self._together(asked):
                rows = self._ask(ParityQuestion(view.name, names, (grouping,)), findings)
                value = _first_value(rows, grouping)
                if value is not None and not grouping.grain and chosen < _CHOSEN:
                    chosen += 1
                    picked = (grouping.name, value)
                    self._ask(ParityQuestion(view.name, names, chosen=picked), findings)

    def _by_time(self, view: View, described: Described) -> Iterator[ParityQuestion]:
        """Give the questions by time; over the whole periods of all days that have rows."""
        days = self._days(described)
        if days is None:
            return
        for grain in GRAINS:
            span = _whole(days, grain)
            for names in self._together(_with_grain(described, grain)):
                yield ParityQuestion(view.name, names, (Grouping(METRIC_TIME, grain),), span)
        monthly, months = _with_grain(described, _COARSE), Grouping(METRIC_TIME, _COARSE)
        first, last = _whole(days, _COARSE)
        middle = first_day(first + (last - first) / 2, _COARSE)
        for names in self._together(monthly):
            yield ParityQuestion(view.name, names, (months,), (middle, last))
        plain = [one for one in view.dimensions if one.type != TIME]
        for grouping in (Grouping(one.name) for one in plain[:_CHOSEN]):
            for names in self._together(_askable(monthly, grouping)):
                yield ParityQuestion(view.name, names, (months, grouping), (first, last))

    def _days(self, described: Described) -> Span | None:
        """Give the first day of the first and of the last month with rows."""
        column = Grouping(METRIC_TIME, _COARSE).column
        for name, one in described.items():
            if _COARSE in one.grains and not self._accumulates(name):
                rows = self._engine_rows(metrics=[name], group_by=[column])
                months = sorted(row[column] for row in rows if row[column] is not None)
                if months:
                    return _day(months[0]), _day(months[-1])
        return None

    def _ask(self, question: ParityQuestion, findings: Findings) -> list[dict[str, Any]]:
        """Ask both; give this engine's rows."""
        try:
            here = self._engine_rows(**question.of_engine())
            if len(here) >= MOST_ROWS:
                findings.cut += map(question.in_words, question.metrics)
                return here
            there = self.cube.rows(question.of_cube())
        except MetricsStoreError as error:
            for metric in question.metrics:
                findings.refused[question.in_words(metric)] = str(error)
            return []
        filled = frozenset(filter(self._fills, question.metrics))
        counted = frozenset(filter(self._counts, question.metrics))
        differing = Comparison(question, filled, counted).differences(here, there)
        for metric in question.metrics:
            words = question.in_words(metric)
            if metric in differing:
                findings.differences[words] = differing[metric]
            else:
                findings.equal.append(words)
        return here

    def _engine_rows(self, **fields: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        with warnings.catch_warnings():
            # That a stretch of time is cut or a metric deprecated changes no value.
            warnings.simplefilter("ignore")
            return self.connection.query(**fields).rows()

    def _together(self, described: Described) -> Iterator[Names]:
        """Give the metrics that are asked together: what is accumulated by itself.

        Cube joins several of these on the groups that all of them have.
        """
        plain = tuple(name for name in described if not self._accumulates(name))
        if plain:
            yield plain
        for name in described:
            if name not in plain:
                yield (name,)

    def _accumulates(self, metric: str) -> bool:
        found = self.layer.metrics[metric]
        return isinstance(found.definition, Cumulative) or any(
            self._accumulates(one.name) for one in found.inputs
        )

    def _counts(self, metric: str) -> bool:
        definition = self.layer.metrics[metric].definition
        return isinstance(definition, Aggregate) and definition.function == "count_distinct"

    def _fills(self, metric: str) -> bool:
        definition = self.layer.metrics[metric].definition
        if isinstance(definition, Cumulative):
            return self._fills(definition.of.name)
        return isinstance(definition, Aggregate) and definition.fill is not None


def _with_grain(described: Described, grain: str) -> Described:
    return {name: one for name, one in described.items() if grain in one.grains}


def _askable(described: Described, grouping: Grouping) -> Described:
    return {name: one for name, one in described.items() if _can_be_asked(one, grouping)}


def _can_be_asked(metric: DescribedMetric, grouping: Grouping) -> bool:
    found: dict[str, Iterable[str]] = {one.qualified_name: one.grains for one in metric.dimensions}
    found |= {one.name: () for one in metric.entities}
    if grouping.name not in found or grouping.name in metric.not_by:
        return False
    return not grouping.grain or grouping.grain in found[grouping.name]


def _first_value(rows: list[dict[str, Any]], grouping: Grouping) -> str | int | float | bool | None:
    """Give the value that is the first as text, whatever order the rows have."""
    values = (row[grouping.column] for row in rows)
    known = (one for one in values if isinstance(one, str | int | float | bool))
    return min(known, key=str, default=None)


def _whole(days: Span, grain: str) -> Span:
    """Give the days of all periods that months touch."""
    first, last = days
    end = later(first_day(last, _COARSE), 1, _COARSE) - _ONE_DAY
    return first_day(first, grain), later(first_day(end, grain), 1, grain) - _ONE_DAY


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
