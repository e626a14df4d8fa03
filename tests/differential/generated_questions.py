"""Questions made at random of what a project's metrics can be asked by."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metamorphic.value_store import equals, literal
from metrics_store.query.filters.filter_tree import Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import duckdb

    from metrics_store.query.planner import Planner

Question = dict[str, Any]


@dataclass(eq=False)
class QuestionMaker:
    """Makes questions to the metrics of a planner.

    Attributes:
        planner: Knows the names.
        built: The rows as they were built, for values of filters.
        days: Days that the rows are about.
        among: The only metrics and group-bys that are asked for; none for all.
    """

    planner: Planner
    built: duckdb.DuckDBPyConnection
    days: Sequence[dt.date]
    among: frozenset[str] | None = None

    def make(self, seed: str, reachable: str | None = None) -> Question:
        """Make a question; of metrics that can be grouped by a name, where one is given."""
        choose = random.Random(seed)
        names = [
            one.name
            for one in self.planner.manifest.metrics
            if not one.type_params.is_private and (self.among is None or one.name in self.among)
        ]
        if reachable:
            names = [name for name in names if reachable in self._group_bys(name)]
        metrics = [choose.choice(names)]
        near = [name for name in names if self._models(name) & self._models(metrics[0])]
        metrics += [
            choose.choice(near if choose.random() < 0.8 else names)
            for _ in range(choose.choice((0, 0, 1, 1, 2, 4, 7)))
        ]
        metrics = list(dict.fromkeys(metrics))
        question: Question = {"metrics": metrics}
        group_by = self._chosen_group_bys(choose, metrics)
        if group_by:
            question["group_by"] = group_by
        conditions = [
            self._condition(choose, metrics) for _ in range(choose.choice((0, 0, 1, 1, 2)))
        ]
        if conditions:
            question["where"] = conditions
        self._add_times(choose, question)
        self._add_order(choose, question)
        return question

    @functools.cache  # noqa: B019 - as long as the tests
    def _group_bys(self, metric: str) -> frozenset[str]:
        known = frozenset(self.planner.kinds(metric))
        return known if self.among is None else known & self.among

    @functools.cache  # noqa: B019 - as long as the tests
    def _models(self, metric: str) -> frozenset[str]:
        """Give the names that only metrics of one fact have in common."""
        return frozenset(name for name in self._group_bys(metric) if "__" not in name) or frozenset(
            self._group_bys(metric)
        )

    def _chosen_group_bys(self, choose: random.Random, metrics: list[str]) -> list[str]:
        shared = sorted(frozenset.intersection(*map(self._group_bys, metrics)))
        needs_time = any(self._needs_time(name) for name in metrics)
        chosen = []
        if needs_time or choose.random() < 0.6:
            chosen.append("metric_time")
        others = [name for name in shared if name != "metric_time"]
        chosen += choose.sample(others, min(len(others), choose.choice((0, 0, 1, 1, 1, 2, 3))))
        choose.shuffle(chosen)
        return [self._with_grain(choose, metrics, name) for name in chosen]

    @functools.cache  # noqa: B019 - as long as the tests
    def _needs_time(self, metric: str) -> bool:
        declared = next(one for one in self.planner.manifest.metrics if one.name == metric)
        given = declared.type_params
        inputs = [*(given.metrics or []), *filter(None, (given.numerator, given.denominator))]
        cumulative = given.cumulative_type_params
        return (
            (cumulative is not None and (cumulative.window or cumulative.grain_to_date) is not None)
            or any(one.offset_window or one.offset_to_grain for one in inputs)
            or any(self._needs_time(one.name) for one in inputs)
        )

    def _with_grain(self, choose: random.Random, metrics: list[str], name: str) -> str:
        grains = [self.planner.grains_of_times(metric).get(name) for metric in metrics]
        if None in grains:
            return name
        shared = sorted(set.intersection(*(set(one or ()) for one in grains)))
        return f"{name}__{choose.choice(shared)}" if shared else name

    def _condition(self, choose: random.Random, metrics: list[str]) -> str:
        shared = sorted(frozenset.intersection(*map(self._group_bys, metrics)))
        # Most metrics of an earlier time refuse a filter on times that is not one of periods.
        shared = [name for name in shared if choose.random() < 0.3 or not self._is_time(name)]
        if not shared:
            return "metric_time >= '1900-01-01'"
        parts = [
            self._comparison(choose, choose.choice(shared)) for _ in range(choose.choice((1, 1, 2)))
        ]
        text = choose.choice((" and ", " or ")).join(parts)
        return f"not ({text})" if choose.random() < 0.15 else text

    def _comparison(self, choose: random.Random, name: str) -> str:
        if choose.random() < 0.12:
            return f"{name} is {choose.choice(('null', 'not null'))}"
        if self._is_time(name):
            day = choose.choice(self.days)
            grain = choose.choice(("", "__day", "__month"))
            if grain == "__month":
                day = day.replace(day=1)
            return f"{name}{grain} {choose.choice(('<', '<=', '>', '>=', '='))} '{day}'"
        values = self._values(name)
        if not values:
            return f"{name} is null"
        value = choose.choice(values)
        kind = choose.random()
        if kind < 0.6:
            return equals(name, value)
        if kind < 0.8:
            return f"{name} != {literal(value)}"
        some = choose.sample(values, min(len(values), choose.randint(1, 3)))
        return f"{name} in ({', '.join(map(literal, some))})"

    @functools.cache  # noqa: B019 - as long as the tests
    def _is_time(self, name: str) -> bool:
        return name == "metric_time" or self.planner.all_kinds().get(name) is Kind.TIME_DIMENSION

    @functools.cache  # noqa: B019 - as long as the tests
    def _values(self, name: str) -> list[Any]:
        """Give values of a dimension or an entity, by its last name."""
        last = name.rpartition("__")[2]
        for model in self.planner.manifest.semantic_models:
            for one in (*model.dimensions, *model.entities):
                if one.name == last:
                    table = model.node_relation.alias
                    rows = self.built.execute(
                        f"select distinct {one.expr or one.name} from main.{table}"
                    ).fetchall()
                    found = [row[0] for row in rows if isinstance(row[0], str | bool | int | float)]
                    return sorted(
                        (
                            value if isinstance(value, str | bool) else float(value)
                            for value in found
                        ),
                        key=repr,
                    )
        return []

    def _add_times(self, choose: random.Random, question: Question) -> None:
        if choose.random() < 0.2:
            first, second = sorted(choose.choice(self.days) for _ in range(2))
            if choose.random() < 0.8:
                question["start_time"] = str(first)
            if choose.random() < 0.8:
                question["end_time"] = str(second)

    def _add_order(self, choose: random.Random, question: Question) -> None:
        group_by = question.get("group_by", [])
        if choose.random() < 0.25:
            by = choose.choice(question["metrics"])
            # All group-bys behind it, so that there is one order.
            question["order_by"] = [choose.choice(("", "-")) + by, *group_by]
        if choose.random() < 0.2:
            question["limit"] = choose.choice((0, 1, 3, 10))
