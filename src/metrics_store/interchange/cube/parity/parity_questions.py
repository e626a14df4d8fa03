"""Questions that both can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    import datetime as dt

# As many rows as Cube gives at most.
MOST_ROWS = 50_000


@dataclass(frozen=True)
class Grouping:
    """What an answer is grouped by.

    Attributes:
        name: The dimension or time, as both call it.
        grain: The grain of a time; empty for others.
    """

    name: str
    grain: str = ""

    @property
    def column(self) -> str:
        """The engine's name of it."""
        return f"{self.name}__{self.grain}" if self.grain else self.name

    def key(self, view: str) -> str:
        """Give Cube's name of it in rows."""
        return f"{view}.{self.name}.{self.grain}" if self.grain else f"{view}.{self.name}"


@dataclass(frozen=True)
class ParityQuestion:
    """A question of some metrics of one view.

    Attributes:
        view: The view.
        metrics: The metrics.
        groupings: What it is grouped by.
        span: The first and the last day that count; None: all.
        chosen: A dimension, and the value that it has to have; None: any.
    """

    view: str
    metrics: tuple[str, ...]
    groupings: tuple[Grouping, ...] = ()
    span: tuple[dt.date, dt.date] | None = None
    chosen: tuple[str, str | int | float | bool] | None = None

    def of_engine(self) -> dict[str, Any]:
        """Give it as this engine is asked."""
        fields: dict[str, Any] = {
            "metrics": list(self.metrics),
            "group_by": [one.column for one in self.groupings],
        }
        if self.span is not None:
            fields |= {"start_time": self.span[0], "end_time": self.span[1]}
        if self.chosen is not None:
            name, value = self.chosen
            condition = {"name": {"name": name}, "operator": "=", "value": value}
            fields["where"] = [{"compare": condition}]
        return fields

    def of_cube(self) -> dict[str, Any]:
        """Give it as Cube is asked."""
        plain = [one for one in self.groupings if not one.grain]
        times: list[dict[str, Any]] = [
            {"dimension": f"{self.view}.{one.name}", "granularity": one.grain}
            for one in self.groupings
            if one.grain
        ]
        if self.span is not None:
            days = [f"{one:%Y-%m-%d}" for one in self.span]
            counted = f"{self.view}.{METRIC_TIME}"
            asked = [one for one in times if one["dimension"] == counted]
            asked = asked or [{"dimension": counted}]
            others = [one for one in times if one["dimension"] != counted]
            times = [{**asked[0], "dateRange": days}, *others]
        query: dict[str, Any] = {
            "measures": [f"{self.view}.{one}" for one in self.metrics],
            "dimensions": [f"{self.view}.{one.name}" for one in plain],
            "timeDimensions": times,
            "timezone": "UTC",
            "limit": MOST_ROWS,
        }
        if self.chosen is not None:
            name, value = self.chosen
            text = str(value).lower() if isinstance(value, bool) else str(value)
            condition = {"member": f"{self.view}.{name}", "operator": "equals", "values": [text]}
            query["filters"] = [condition]
        return query

    def in_words(self, metric: str) -> str:
        """Say what it asks of one metric."""
        words = f"{self.view}.{metric}"
        if self.groupings:
            words += f" by {', '.join(one.column for one in self.groupings)}"
        if self.chosen is not None:
            words += f" where {self.chosen[0]} is {self.chosen[1]}"
        if self.span is not None:
            words += f" from {self.span[0]} to {self.span[1]}"
        return words
