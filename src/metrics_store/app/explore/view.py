"""A view of Explore: all that is chosen, as a question and as a link."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.app.questions.conditions import is_one_of
from metrics_store.app.questions.date_ranges import DateRange
from metrics_store.app.questions.question import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a range may be compared with.
NOTHING, BEFORE, YEAR_BEFORE = "", "before", "year"
# More rows nobody looks at.
ROWS = 10_000
_TIME = "metric_time"


@dataclass(frozen=True)
class View:
    """What is chosen.

    Attributes:
        metrics: Names of metrics.
        group_by: Dimensions and entities; not the grain of the metrics' own time.
        grain: That grain; empty for the whole range at once.
        first: First day that counts; none for the beginning.
        last: Last day that counts; none for the end.
        filters: Dimension -> the values that it may have.
        compared: One of NOTHING, BEFORE and YEAR_BEFORE.
        chart: The chart that was chosen; empty for the one that fits.
    """

    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    grain: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    filters: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    compared: str = NOTHING
    chart: str = ""

    @property
    def time(self) -> str | None:
        """The column of the metrics' own time."""
        return f"{_TIME}__{self.grain}" if self.grain else None

    def question(self) -> Question:
        """Give the question."""
        time = (self.time,) if self.time else ()
        return Question(
            metrics=self.metrics,
            group_by=(*time, *self.group_by),
            where=tuple(is_one_of(name, values) for name, values in self.filters.items() if values),
            order_by=(*time, *self.group_by)
            if time
            else tuple(f"-{name}" for name in self.metrics[:1] if self.group_by),
            limit=ROWS if self.group_by else None,
            days=self.days(),
        )

    def days(self) -> DateRange | None:
        """Give the days that count; none for all."""
        if self.first is None and self.last is None:
            return None
        return DateRange(self.first or dt.date.min, self.last or dt.date.max)

    def compared_days(self) -> DateRange | None:
        """Give the days that it is compared with; none where nothing is, or a day is not given."""
        if self.first is None or self.last is None or self.compared == NOTHING:
            return None
        days = DateRange(self.first, self.last)
        return days.before() if self.compared == BEFORE else days.year_before()

    def parameters(self) -> dict[str, str | list[str]]:
        """Give the parameters of a link to it."""
        given: dict[str, str | list[str]] = {
            "metrics": ",".join(self.metrics),
            "group_by": ",".join(self.group_by),
            "grain": self.grain,
            "from": f"{self.first:%Y-%m-%d}" if self.first else "",
            "to": f"{self.last:%Y-%m-%d}" if self.last else "",
            "filter": [
                json.dumps([name, *values], default=str) for name, values in self.filters.items()
            ],
            "compare": self.compared,
            "chart": self.chart,
        }
        return {name: value for name, value in given.items() if value}


def read_view(parameters: Mapping[str, list[str]]) -> View:
    """Read a link; what cannot be read is left out."""
    one = {name: values[-1] for name, values in parameters.items() if values}
    return View(
        metrics=_names(one.get("metrics", "")),
        group_by=_names(one.get("group_by", "")),
        grain=one.get("grain", ""),
        first=_day(one.get("from", "")),
        last=_day(one.get("to", "")),
        filters=dict(filter(None, map(_filter, parameters.get("filter", [])))),
        compared=one.get("compare", NOTHING),
        chart=one.get("chart", ""),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _filter(text: str) -> tuple[str, tuple[object, ...]] | None:
    try:
        read: Any = json.loads(text)
    except ValueError:
        return None
    match read:
        case [str(name), *values] if all(
            one is None or isinstance(one, str | bool | int | float) for one in values
        ):
            return name, tuple(values)
    return None
