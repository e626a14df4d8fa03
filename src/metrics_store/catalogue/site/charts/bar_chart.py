"""The lengths of bars, sorted and named."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.query.output.sorted_groups import places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.catalogue.site.charts.chart_parts import ChartParts
    from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer

MOST_BARS = 24


@dataclass(frozen=True)
class Bar:
    """One bar: its name, where it begins and how long it is, in percent, and its value.

    Attributes:
        name: What it is of.
        left: Where it begins.
        length: How long it is.
        value: The value as people read it.
        remark: What else is to be known of it; such a value says little.
    """

    name: str
    left: float
    length: float
    value: str
    remark: str = ""


@dataclass(frozen=True)
class Bars:
    """Some bars.

    Attributes:
        shown: The bars, from the top.
        by: What they are told apart by, in words.
        others: How many more there are.
    """

    shown: tuple[Bar, ...]
    by: str = ""
    others: int = 0


def draw_bars(
    answer: ReadableAnswer,
    rows: Sequence[int],
    metric: str,
    group_bys: Sequence[str],
    parts: ChartParts,
) -> Bars:
    """Draw rows of an answer as bars.

    Args:
        answer: The answer.
        rows: Which of its rows.
        metric: The column of the metric.
        group_bys: The columns that name the bars.
        parts: What order they have, and which are made of few rows.
    """
    numbers = [as_number(one) for one in answer.values(metric)]
    texts = answer.texts(metric)
    values = {name: answer.values(name) for name in group_bys}
    groups = [answer.values(name) for name in answer.group_bys]
    names = {name: answer.texts(name) for name in group_bys}
    ordered = list(rows)
    if not parts.keeps_order:
        ordered = _sorted(ordered, numbers, values, parts)
    shown = ordered[:MOST_BARS]
    known = [number for row in shown if (number := numbers[row]) is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    span = (high - low) or 1.0
    heads = dict(zip(answer.table.column_names, answer.heads, strict=True))
    return Bars(
        tuple(
            Bar(
                ", ".join(names[name][row] for name in group_bys) or parts.label(metric),
                round((min(numbers[row] or 0.0, 0.0) - low) / span * 100, 2),
                round(abs(numbers[row] or 0.0) / span * 100, 2),
                texts[row],
                parts.counts.few(tuple(column[row] for column in groups)),
            )
            for row in shown
        ),
        " and ".join(heads[name].replace("__", " ").replace("_", " ") for name in group_bys),
        len(ordered) - len(shown),
    )


def _sorted(
    rows: list[int],
    numbers: Sequence[float | None],
    values: dict[str, list[object]],
    parts: ChartParts,
) -> list[int]:
    """Sort rows by the order that their values have of their own, else the greatest first."""
    if len(values) == 1:
        [(name, own)] = values.items()
        places = places_of(parts.ranks.get(name, {}))
        if places:
            return sorted(rows, key=lambda row: places.get(own[row], len(places)))
    # What has no value comes last.
    return sorted(
        rows, key=lambda row: -math.inf if (one := numbers[row]) is None else one, reverse=True
    )


def as_number(value: Any) -> float | None:  # noqa: ANN401 - whatever a warehouse holds
    """Give a value as a number; none where it is none, or not finite."""
    if value is None or not math.isfinite(value):
        return None
    return float(value)
