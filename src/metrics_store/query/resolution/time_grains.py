"""The grains of a time, for all metrics of a request together."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.periods import FINER_THAN_DAYS, is_longer_than_day, longest

if TYPE_CHECKING:
    from collections.abc import Collection

    from metrics_store.query.filters.filter_tree import Name


@dataclass(frozen=True)
class TimeGrains:
    """The grains of a time.

    Attributes:
        default: What it stands for where no grain is said.
        finest: The shortest that it has.
        compared: The grain of the times that it may be compared with where no grain is said.
    """

    default: str
    finest: str
    compared: str


def time_grains(defaults: Collection[str], finest: Collection[str]) -> TimeGrains:
    """Give the grains of a time that each metric of a request has with others.

    Args:
        defaults: What it stands for, by itself, for each metric.
        finest: The shortest that each has.
    """
    default = longest(defaults)
    return TimeGrains(default, longest(finest), compared_grain(default, finest))


def compared_grain(grain: str, finest: Collection[str]) -> str:
    """Give the grain of the times that a time of a grain may be compared with.

    Longer periods are compared by the days on which they begin. Beside metrics that tell shorter
    ones apart, this would cut other days off those: there they are compared as a whole.
    """
    return "day" if is_longer_than_day(grain) and len(set(finest)) < 2 else grain  # noqa: PLR2004


def timed(name: Name, grains: TimeGrains, *, by_time_of_day: bool) -> Name:
    """Say of a time in a filter with what times it may be compared.

    Args:
        name: The time.
        grains: Those that it has.
        by_time_of_day: Whether it is compared with times of day; without grain, a time that has
            them stands for these.
    """
    grain = name.grain
    if grain is None:
        if not by_time_of_day or grains.finest not in FINER_THAN_DAYS:
            return dataclasses.replace(name, compared=grains.compared)
        grain = grains.finest
    # Longer periods and those of a project's own are compared by the days that they begin on.
    compared = grain if grain in FINER_THAN_DAYS else "day"
    return dataclasses.replace(name, grain=grain, compared=compared)
