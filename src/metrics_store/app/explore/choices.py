"""The choices of Explore: what metrics there are, and what they can be asked by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.app.components.labels import label_of, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.client import Connection, ListedDimension, ListedMetric

_TIME = "metric_time"
_GRAINS = ("day", "week", "month", "quarter", "year")
# More values nobody picks from a list.
VALUES = 1000


@dataclass(frozen=True)
class Choices:
    """What can be asked of the chosen metrics together.

    Attributes:
        group_bys: Name -> its label; those that answer, and no others.
        dimensions: Name -> its label; those that a filter may name the values of.
        grains: Grains that all of the metrics have, finest first.
        requires_time: Names of those that answer only by time.
    """

    group_bys: Mapping[str, str]
    dimensions: Mapping[str, str]
    grains: Sequence[str]
    requires_time: Sequence[str]


def read_choices(connection: Connection, metrics: Sequence[ListedMetric]) -> Choices:
    """Read what can be asked of metrics together.

    Raises:
        MetricsStoreError: One of them is not there.
    """
    names = [one.name for one in metrics]
    listed = [one for one in connection.dimensions(names) if one.qualified_name != _TIME]
    refused = {name for one in metrics for name in one.not_by}
    categories = {
        one.qualified_name: label_of(one)
        for one in sorted(listed, key=_nearest)
        if one.type == "categorical" and one.qualified_name not in refused
    }
    times = {
        f"{one.qualified_name}__{grain}": f"{label_of(one)}, by {grain}"
        for one in sorted(listed, key=_nearest)
        if one.type == "time"
        for grain in _GRAINS
        if not one.grains or grain in one.grains
    }
    entities = {
        one.name: f"{words(one.name)} (each)"
        for one in connection.entities(names)
        if one.name not in refused
    }
    grains = [
        grain
        for grain in (metrics[0].grains if metrics else [])
        if all(grain in one.grains for one in metrics)
    ]
    return Choices(
        {**categories, **entities, **times},
        categories,
        grains,
        [one.name for one in metrics if one.requires_metric_time],
    )


def _nearest(dimension: ListedDimension) -> tuple[int, str]:
    return dimension.qualified_name.count("__"), dimension.qualified_name
