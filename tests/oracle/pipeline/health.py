"""The pipeline health score: four components of 25 points and their sum."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from oracle.pipeline.history import HISTORY, Answer, overdue_rate_snapshot
from oracle.pipeline.metrics import Aggregate, now_metrics, outcome_metrics

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from oracle.pipeline.asking import GroupBy, Groups, Where

HIGHER_IS_BETTER = {
    "win_rate_score": (0.30, 0.20, 0.10),
    "deal_size_score": (100_000, 50_000, 25_000),
    "pipeline_volume_score": (100, 50, 25),
}
POINTS = (25, 20, 15)
LOWEST = 10


def banded(component: str, value: Decimal | float | None) -> int | None:
    """Points by the bands' exact edges; an undefined input gives NULL.

    Overdue: < 0.10 is 25, < 0.20 is 20, <= 0.30 is 15, above 10; the others by >= of their edges.
    """
    if value is None:
        return None
    value = float(value)
    reached: tuple[bool, ...]
    if component == "overdue_score":
        reached = (value < 0.10, value < 0.20, value <= 0.30)
    else:
        reached = tuple(value >= edge for edge in HIGHER_IS_BETTER[component])
    return next((points for points, yes in zip(POINTS, reached, strict=True) if yes), LOWEST)


def _plain(metric: Aggregate, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    return {
        key: metric.of(rows) for key, rows in groups.rows(metric.facts, group_by, where).items()
    }


def inputs(component: str, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """The component's input.

    Win rate and deal size are the period's by close date, volume the period's by created date,
    overdue by the state at its end; without a period that is the overdue rate of now.
    """
    now, outcomes = now_metrics(groups.settings), outcome_metrics()
    if component == "overdue_score":
        if groups.calendar.period_in(group_by):
            return overdue_rate_snapshot(groups, group_by, where)
        return _plain(now["overdue_rate"], groups, group_by, where)
    metric = {
        "win_rate_score": outcomes["win_rate"],
        "deal_size_score": now["average_deal_size"],
        "pipeline_volume_score": now["opportunity_count"],
    }[component]
    found = _plain(metric, groups, group_by, where)
    if component == "pipeline_volume_score":
        # Nothing created where something was open at the end is 0, and not nothing.
        for key, count in HISTORY["open_opportunity_snapshot"](groups, group_by, where).items():
            if count:
                found.setdefault(key, 0)
    return found


def component_score(component: str, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Points of one component, for periods up to the running one."""
    return {
        key: banded(component, value)
        for key, value in inputs(component, groups, group_by, where).items()
        if groups.is_begun(group_by, key)
    }


def pipeline_health_score(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """The components' sum; one that is undefined leaves the score NULL; no creations count 0."""
    scores = {name: component_score(name, groups, group_by, where) for name in COMPONENTS}
    volume = "pipeline_volume_score"
    answer: Answer = {}
    for key in {key for found in scores.values() for key in found}:
        points = [
            found.get(key, LOWEST if name == volume else None) for name, found in scores.items()
        ]
        known = [point for point in points if point is not None]
        answer[key] = sum(known) if len(known) == len(COMPONENTS) else None
    return answer


def health_status(score: float | None) -> str:
    """Status: >= 80 Excellent, >= 60 Good, >= 40 Fair; undefined is Unknown."""
    if score is None:
        return "Unknown"
    return "Excellent" if score >= 80 else "Good" if score >= 60 else "Fair"


def risk_level(overdue_rate: float | None) -> str:
    """Risk: overdue rate > 0.30 High, > 0.20 Medium, else Low; NULL is Unknown."""
    if overdue_rate is None:
        return "Unknown"
    return "High" if overdue_rate > 0.30 else "Medium" if overdue_rate > 0.20 else "Low"


COMPONENTS = ("win_rate_score", "overdue_score", "deal_size_score", "pipeline_volume_score")
HEALTH: dict[str, Callable[[Groups, GroupBy, Where], Answer]] = {
    **{name: partial(component_score, name) for name in COMPONENTS},
    "pipeline_health_score": pipeline_health_score,
}
