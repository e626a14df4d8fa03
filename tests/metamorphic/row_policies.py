"""Policies of the small test projects: one that shows all, and some that show certain rows."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import yaml

from metamorphic.value_store import literal


@dataclass(frozen=True)
class RowRule:
    """Which rows of some metrics may be seen.

    Attributes:
        metrics: Patterns of their names.
        dimension: What the rows are told by.
        values: What it may be.
    """

    metrics: tuple[str, ...]
    dimension: str
    values: tuple[str, ...]

    @property
    def condition(self) -> str:
        """The same as a filter."""
        return f"{self.dimension} in ({', '.join(map(literal, self.values))})"


# Of each project; a metric goes by the first rule that is about it.
ROW_RULES = {
    "bikes_project": (
        RowRule(("bikes*", "rides_a_bike"), "station__station_name", ("North", "River")),
        RowRule(("*visit*", "running_*", "*fee*"), "rider__city__country", ("CH",)),
        RowRule(("*",), "rider__rider_name", ("Ann", "Cho")),
    ),
    "market_project": (
        RowRule(("stock*",), "shelf_day__store", ("harbour",)),
        RowRule(("revenue*",), "customer__agent__team", ("harvest",)),
        RowRule(("*",), "customer__region", ("south", "east")),
    ),
}


def rule_of(rules: tuple[RowRule, ...], metric: str) -> RowRule:
    """Give the rule that a metric goes by."""
    return next(one for one in rules if any(fnmatchcase(metric, name) for name in one.metrics))


def allows_all() -> str:
    """Write the policy under which everybody sees everything."""
    return _access([{"name": "everybody sees everything", "metrics": ["*"]}])


def shows_rows(rules: tuple[RowRule, ...]) -> str:
    """Write policies by which the rows of each metric are those of its rule."""
    return _access(
        [
            {
                "name": f"rows by {rule.dimension}",
                "metrics": [*rule.metrics],
                "except_metrics": [name for one in rules[:place] for name in one.metrics],
                "rows": [{"dimension": rule.dimension, "in": [*rule.values]}],
            }
            for place, rule in enumerate(rules)
        ]
    )


def _access(policies: list[dict[str, object]]) -> str:
    everybody = {"to": "*", "dimensions": ["*"]}
    return yaml.safe_dump(
        {
            "local": {"groups": ["everybody"]},
            "policies": [{**everybody, **policy} for policy in policies],
        }
    )
