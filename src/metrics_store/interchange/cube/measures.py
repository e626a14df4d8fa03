"""Metrics as measures of cubes, as far as Cube means the same by them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from keyword import iskeyword
from typing import TYPE_CHECKING

from metrics_store.interchange.cube.cube_sql import (
    ConditionWriter,
    InexpressibleError,
    own_columns,
    with_members,
)
from metrics_store.interchange.cube.data_model import (
    NUMBER,
    Measure,
    Reference,
    RollingWindow,
    Sql,
)
from metrics_store.interchange.layer.metric import (
    Aggregate,
    Conversion,
    Cumulative,
    Derived,
    Ratio,
)

if TYPE_CHECKING:
    from metrics_store.interchange.cube.join_graph import JoinGraph
    from metrics_store.interchange.layer.condition import Condition
    from metrics_store.interchange.layer.metric import Metric, MetricInput, Percentile

_TYPES = {"sum": "sum", "min": "min", "max": "max", "average": "avg"}
_DISTINCT = "count_distinct"
# The grains whose periods lie within those of a longer one.
_WITHIN = {
    "week": {"day", "week"},
    "month": {"day", "month"},
    "quarter": {"day", "month", "quarter"},
    "year": {"day", "month", "quarter", "year"},
}
_STANDARD_GRAINS = {"second", "minute", "hour", "day", "week", "month", "quarter", "year"}


@dataclass(frozen=True)
class Placed:
    """A metric that has become a measure.

    Attributes:
        name: The measure.
        model: The semantic model in whose cube it is.
        time: The time on which it counts.
        rows: What rows have to fulfil to be of it, each for a part of it; None: all rows are.
    """

    name: str
    model: str
    time: str
    rows: tuple[Sql, ...] | None = None


@dataclass
class MeasureWriter:
    """Writes measures; those that are only parts of others are named after the metric.

    Attributes:
        graph: The joins that there are.
        to_date: Whether Cube knows windows since the start of a period.
        measures: The measures that were written, by model and name.
    """

    graph: JoinGraph
    to_date: bool
    measures: dict[str, dict[str, Measure]] = field(default_factory=dict)

    def write(self, metric: Metric) -> Placed:
        """Write a metric.

        Raises:
            InexpressibleError: Cube has no measure that means the same.
        """
        if iskeyword(metric.name):
            raise InexpressibleError("its name is a word that Cube's models keep for themselves")
        return self._metric(metric, (), metric.name)

    def _metric(self, metric: Metric, beside: tuple[Condition, ...], name: str) -> Placed:
        conditions = (*metric.conditions, *beside)
        match metric.definition:
            case Aggregate() as aggregate:
                return self._aggregate(aggregate, conditions, name)
            case Ratio(numerator, denominator):
                # Both may be of one metric, and called alike.
                inputs = (
                    replace(numerator, alias="numerator"),
                    replace(denominator, alias="denominator"),
                )
                upper, lower = self._inputs(inputs, conditions, name)
                sql: Sql = (
                    "(CAST(",
                    Reference(member=upper.name),
                    " AS DOUBLE PRECISION) / CAST(NULLIF(",
                    Reference(member=lower.name),
                    ", 0) AS DOUBLE PRECISION))",
                )
                return self._put(Measure(name, NUMBER, sql), upper, _rows_of(upper, lower))
            case Derived(expr, inputs):
                placed = self._inputs(inputs, conditions, name)
                members = {
                    one.alias: Reference(member=at.name)
                    for one, at in zip(inputs, placed, strict=True)
                }
                sql = with_members(expr, self.graph.layer.dialect, members)
                rows = _rows_of(*placed)
                if rows is not None:
                    # A group without rows has no value, whatever the expression makes of nothing.
                    sql = ("CASE WHEN ", *_rows_counted(rows), " > 0 THEN ", *sql, " END")
                return self._put(Measure(name, NUMBER, sql), placed[0], rows)
            case Cumulative() as cumulative:
                return self._cumulative(cumulative, conditions, name)
            case Conversion():
                raise InexpressibleError(
                    "it counts events of an entity that are followed by others (conversion)"
                )

    def _inputs(
        self, inputs: tuple[MetricInput, ...], conditions: tuple[Condition, ...], name: str
    ) -> list[Placed]:
        """Write the metrics that another is made of; they have to be of the same rows and time."""
        for one in inputs:
            if one.offset_to_grain or (one.offset is not None and one.offset.count):
                moved = one.offset or f"to the start of its {one.offset_to_grain}"
                raise InexpressibleError(f"it reads `{one.name}` at another time (offset {moved})")
        placed = [self._input(one, conditions, name) for one in inputs]
        if len(models := sorted({one.model for one in placed})) > 1:
            raise InexpressibleError(
                f"it is made of rows of several semantic models: {', '.join(models)}"
            )
        if len(times := sorted({one.time for one in placed})) > 1:
            raise InexpressibleError(f"its parts count on different times: {', '.join(times)}")
        return placed

    def _input(self, given: MetricInput, conditions: tuple[Condition, ...], name: str) -> Placed:
        metric = self.graph.layer.metrics[given.name]
        beside = (*given.conditions, *conditions)
        try:
            if beside:
                return self._metric(metric, beside, f"{name}__{given.alias}")
            return self._metric(metric, (), metric.name)
        except InexpressibleError as error:
            if str(error).startswith("of `"):
                raise
            raise InexpressibleError(f"of `{given.name}`: {error}") from None

    def _aggregate(
        self, aggregate: Aggregate, conditions: tuple[Condition, ...], name: str
    ) -> Placed:
        if aggregate.balance is not None:
            raise InexpressibleError(
                f"it does not add up over `{aggregate.balance.time}` (non_additive_dimension)"
            )
        if aggregate.every_period:
            raise InexpressibleError("periods without rows have a value too (join_to_timespine)")
        measure = self._plain(aggregate, conditions, name)
        rows = (_all_of(measure.filters),) if measure.filters else None
        at = Placed(name, aggregate.model, aggregate.time)
        if measure.type == _DISTINCT and rows is not None:
            # Cube counts 0 where no row passes, and here there is no value.
            known = Reference(member=self._part(measure, "distinct", at))
            sql: Sql = ("CASE WHEN ", *_rows_counted(rows), " > 0 THEN ", known, " END")
            measure = Measure(name, NUMBER, sql)
        return self._put(self._filled(measure, aggregate, at), at, rows)

    def _filled(self, measure: Measure, aggregate: Aggregate, at: Placed) -> Measure:
        """Give a measure with what stands where there are no rows."""
        if aggregate.fill is None:
            return measure
        known = Reference(member=self._part(measure, "known", at))
        return Measure(measure.name, NUMBER, ("COALESCE(", known, f", {aggregate.fill})"))

    def _part(self, measure: Measure, suffix: str, at: Placed) -> str:
        """Put a measure that is only a part of the one that has its name; give its own."""
        name = f"{measure.name}__{suffix}"
        self._put(replace(measure, name=name), at, at.rows)
        return name

    def _plain(self, aggregate: Aggregate, conditions: tuple[Condition, ...], name: str) -> Measure:
        layer = self.graph.layer
        model = layer.models[aggregate.model]
        writer = ConditionWriter(self.graph, model, aggregate.time)
        filters = tuple(writer.write(one) for one in dict.fromkeys(conditions))
        sql = own_columns(aggregate.expr, layer.dialect)
        if aggregate.function == _DISTINCT:
            return Measure(name, _DISTINCT, sql, filters)
        if aggregate.function in _TYPES:
            return Measure(name, _TYPES[aggregate.function], sql, filters)
        if aggregate.percentile is not None:
            return Measure(name, NUMBER, _percentile(aggregate.percentile, sql, filters))
        raise InexpressibleError(f"Cube has no measure of `{aggregate.function}`")

    def _cumulative(
        self, cumulative: Cumulative, conditions: tuple[Condition, ...], name: str
    ) -> Placed:
        of = self.graph.layer.metrics[cumulative.of.name]
        aggregate = of.definition
        if not isinstance(aggregate, Aggregate):
            raise InexpressibleError(f"it accumulates `{of.name}`, which is no simple metric")
        if aggregate.balance is not None or aggregate.every_period:
            raise InexpressibleError(f"it accumulates `{of.name}`, which is no plain aggregate")
        if cumulative.period_agg != "last":
            raise InexpressibleError(
                f"a period's value is that of its {cumulative.period_agg} day "
                "(period_agg); in Cube it is that of the last"
            )
        window = self._window(cumulative, self.graph.layer.metrics.get(name))
        every = (*of.conditions, *cumulative.of.conditions, *conditions)
        plain = self._plain(aggregate, every, name)
        if plain.type in {NUMBER, "avg"}:
            raise InexpressibleError(f"Cube accumulates no measure of `{aggregate.function}`")
        at = Placed(name, aggregate.model, aggregate.time)
        rows = (_all_of(plain.filters),) if plain.filters else None
        measure = replace(plain, window=window)
        if plain.type == _DISTINCT:
            # Cube counts 0 where no row is in the window, and here there is no value.
            known = Reference(member=self._part(measure, "distinct", at))
            counted = Measure(name, "sum", ("1",), plain.filters, window)
            number = Reference(member=self._part(counted, "rows", at))
            measure = Measure(name, NUMBER, ("CASE WHEN ", number, " > 0 THEN ", known, " END"))
        return self._put(self._filled(measure, aggregate, at), at, rows)

    def _window(self, cumulative: Cumulative, metric: Metric | None) -> RollingWindow:
        since = cumulative.grain_to_date
        grain = since or (cumulative.window.grain if cumulative.window else "")
        if grain and grain not in _STANDARD_GRAINS:
            raise InexpressibleError(f"its window is of a grain of the project's own: `{grain}`")
        if not since:
            return RollingWindow(trailing=str(cumulative.window or "unbounded"))
        if not self.to_date:
            raise InexpressibleError(
                f"it counts since the start of the {since}, which Cube can in YAML models only"
            )
        declared = metric.meta.get("grains") if metric is not None else None
        if not declared or not set(declared) <= _WITHIN.get(since, set()):
            raise InexpressibleError(
                f"it counts since the start of the {since}; where that lies within a period that "
                "is asked, Cube counts since the start of the latter"
            )
        return RollingWindow(to_date=since)

    def _put(self, measure: Measure, at: Placed, rows: tuple[Sql, ...] | None) -> Placed:
        """Put a measure where another is, or is to be."""
        known = self.measures.setdefault(at.model, {})
        if known.setdefault(measure.name, measure) != measure:
            raise InexpressibleError(f"two measures would be called `{measure.name}`")
        return Placed(measure.name, at.model, at.time, rows)


def _rows_of(*parts: Placed) -> tuple[Sql, ...] | None:
    """Give what rows have to fulfil to be of any part."""
    found: dict[Sql, None] = {}
    for one in parts:
        if one.rows is None:
            return None
        found |= dict.fromkeys(one.rows)
    return tuple(found)


def _rows_counted(rows: tuple[Sql, ...]) -> Sql:
    """Count the rows that are of a measure."""
    any_of: list[str | Reference] = []
    for one in rows:
        any_of += [" OR ", *one] if any_of else one
    return ("COUNT(CASE WHEN ", *any_of, " THEN 1 END)")


def _percentile(percentile: Percentile, sql: Sql, filters: tuple[Sql, ...]) -> Sql:
    if percentile.approximate:
        raise InexpressibleError("an approximate percentile differs from engine to engine")
    function = "PERCENTILE_DISC" if percentile.discrete else "PERCENTILE_CONT"
    chosen: Sql = ("CASE WHEN ", *_all_of(filters), " THEN ", *sql, " END") if filters else sql
    return (f"{function}({percentile.share}) WITHIN GROUP (ORDER BY ", *chosen, ")")


def _all_of(filters: tuple[Sql, ...]) -> Sql:
    found: list[str | Reference] = []
    for one in filters:
        found += [" AND ", *one] if found else one
    return ("(", *found, ")") if len(filters) > 1 else tuple(found)
