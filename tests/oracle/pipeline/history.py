"""History: the pipeline as of each day, and the walk from one day to another."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from oracle.pipeline.movements import PARTS
from oracle.pipeline.reductions import ratio, total

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from oracle.pipeline.asking import GroupBy, Groups, Key, Measure, Where
    from oracle.pipeline.dimensions import Fact

Answer = dict["Key", Any]


def _amount(fact: Fact, _: date) -> Decimal:
    return Decimal(fact["amount"])


def _weighted(fact: Fact, _: date) -> Decimal:
    return Decimal(fact["weighted"])


def _one(_: Fact, __: date) -> int:
    return 1


def _overdue(fact: Fact, last_day: date) -> Decimal | int:
    close = fact["close_date"]
    return Decimal(fact["amount"]) if close is not None and close < last_day else 0


def snapshot(measure: Measure, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """The state at the end of the last day of the asked period (today for the running one)."""
    return dict(groups.standing(group_by, where, measure))


def overdue_rate_snapshot(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Open amount on the period's last day whose close date lies before it / all open amount."""
    overdue = groups.standing(group_by, where, _overdue)
    open_amount = groups.standing(group_by, where, _amount)
    return {key: ratio(overdue[key], amount) for key, amount in open_amount.items()}


def day_over_day(measure: Measure, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Today - yesterday; without a period, of the reference date."""
    period = groups.require(group_by, ["day", None], "day over day")
    by_day = group_by if period else ("day", *group_by)
    ends = groups.standing(by_day, where, measure)
    starts = groups.standing(by_day, where, measure, at_start=True)
    changes = {key: value - starts.get(key, 0) for key, value in ends.items()}
    if period:
        return dict(changes)
    today = groups.settings.source_dt
    return {key[1:]: value for key, value in changes.items() if key[0] == today}


def walk_part(part: str, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """One part of the walk; period = when it happened, slices those of that moment."""
    rows = groups.rows("movements", group_by, lambda fact: fact["part"] == part and where(fact))
    return {key: total("amount")(facts) for key, facts in rows.items()}


def walk_start(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Start = end of the day before the period; without a period, 0."""
    return dict(groups.standing(group_by, where, _amount, at_start=True))


HISTORY: dict[str, Callable[[Groups, GroupBy, Where], Answer]] = {
    "pipeline_snapshot": partial(snapshot, _amount),
    "weighted_pipeline_snapshot": partial(snapshot, _weighted),
    "open_opportunity_snapshot": partial(snapshot, _one),
    "overdue_rate_snapshot": overdue_rate_snapshot,
    "pipeline_day_over_day": partial(day_over_day, _amount),
    "weighted_pipeline_day_over_day": partial(day_over_day, _weighted),
    "pipeline_walk_start": walk_start,
    "pipeline_walk_end": partial(snapshot, _amount),
    **{f"pipeline_walk_{part}": partial(walk_part, part) for part in PARTS},
}
