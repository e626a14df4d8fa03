"""A metric as the relations need it: what it is, and what it can be asked by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    from metrics_store.query.definitions.listed_entries import DescribedMetric


@dataclass(frozen=True)
class Subject:
    """One metric of a project.

    Attributes:
        metric: What the store says of it.
        is_additive: Whether the parts of a whole add up to it.
        is_filled: Whether it is filled in wherever another metric has a row.
    """

    metric: DescribedMetric
    is_additive: bool
    is_filled: bool

    @property
    def name(self) -> str:
        """What it is asked by."""
        return self.metric.name

    @property
    def grains(self) -> list[str]:
        """The grains of `metric_time` that it answers at."""
        return self.metric.grains

    @property
    def dimensions(self) -> list[str]:
        """What is no time."""
        return [one.qualified_name for one in self.metric.dimensions if one.type == "categorical"]

    def some_dimensions(self, choose: random.Random, count: int) -> list[str]:
        """Choose some dimensions."""
        return choose.sample(self.dimensions, min(count, len(self.dimensions)))

    def some_periods(self, choose: random.Random) -> tuple[str, ...]:
        """Choose a grain, or none where the metric answers without a time."""
        grains: list[tuple[str, ...]] = [(f"metric_time__{grain}",) for grain in self.grains]
        if not self.metric.requires_metric_time:
            grains += [()] * len(grains)
        return choose.choice(grains)


def is_additive(manifest: dict[str, Any], metric: dict[str, Any]) -> bool:
    """Say whether a metric is a plain sum or count of rows."""
    used = metric["type_params"].get("measure")
    if metric["type"] != "simple" or not used or used["join_to_timespine"]:
        return False
    [measure] = [
        measure
        for model in manifest["semantic_models"]
        for measure in model["measures"]
        if measure["name"] == used["name"]
    ]
    return (
        measure["agg"] in {"sum", "count", "sum_boolean"} and not measure["non_additive_dimension"]
    )


def is_filled(manifest: dict[str, Any], metric: dict[str, Any]) -> bool:
    """Say whether a metric, or something that it is made of, says what stands for no value."""
    given = metric["type_params"]
    measures = [given.get("measure"), *given["input_measures"]]
    if any(one and one["fill_nulls_with"] is not None for one in measures):
        return True
    declared = {one["name"]: one for one in manifest["metrics"]}
    inputs = [given.get("numerator"), given.get("denominator"), *(given.get("metrics") or [])]
    return any(is_filled(manifest, declared[one["name"]]) for one in inputs if one)
