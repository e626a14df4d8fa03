"""Outcomes in time: to date, rolling, growth, quotas and sales velocity."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from oracle.periods import months_before
from oracle.pipeline.calendar import MONTHS
from oracle.pipeline.history import HISTORY, Answer
from oracle.pipeline.metrics import outcome_metrics
from oracle.pipeline.reductions import Reduction, mean, ratio, total
from oracle.pipeline.reductions import holds as is_true

if TYPE_CHECKING:
    from collections.abc import Callable

    from oracle.pipeline.asking import GroupBy, Groups, Key, Where

QUARTERLY = ("quarter", "fiscal_quarter")
WON = outcome_metrics()["won_revenue"].of
WIN_RATE = outcome_metrics()["win_rate"].of


def _start_of(period: str, groups: Groups, last_day: date) -> date:
    first = groups.calendar.first_day(period, last_day)
    assert first is not None
    return first


def _months_back(months: int, _: Groups, last_day: date) -> date:
    return months_before(last_day.replace(day=1), months - 1)


def won_since(
    start: Callable[[Groups, date], date], groups: Groups, group_by: GroupBy, where: Where
) -> Answer:
    """Won revenue from a window's start to the period's last day (today for the running one).

    A slice has a value where something closed in its window.
    """
    period = groups.calendar.period_in(group_by)
    others = tuple(name for name in group_by if name != period)
    answer: Answer = {}
    ends = _period_ends(groups, period)
    for key, facts in groups.rows("closed", others, where).items():
        for first, last_day in ends.items():
            since = start(groups, last_day)
            inside = [f for f in facts if f["time"] is not None and since <= f["time"] <= last_day]
            if inside:
                answer[_place(group_by, period, first, key)] = WON(inside)
    return answer


def _period_ends(groups: Groups, period: str | None) -> dict[date, date]:
    today = groups.settings.source_dt
    if period is None:
        return {today: today}
    dates = [fact["time"] for fact in groups.facts.closed if fact["time"] is not None]
    firsts = groups.calendar.between(period, min(dates), today) if dates else []
    following = {first: groups.calendar.following(period, first) for first in firsts}
    return {first: min(after - timedelta(days=1), today) for first, after in following.items()}


def _place(group_by: GroupBy, period: str | None, first: date, others: Key) -> Key:
    if period is None:
        return others
    place = group_by.index(period)
    return (*others[:place], first, *others[place:])


def rolling(months: int, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Trailing windows of whole calendar months, the period's last month included."""
    groups.require(group_by, [*MONTHS, None], "a rolling window")
    return won_since(partial(_months_back, months), groups, group_by, where)


def growth(
    reduce: Reduction, back: int, *, in_points: bool
) -> Callable[[Groups, GroupBy, Where], Answer]:
    """(this - previous) / previous; the change in points for a rate.

    Given for every period with closed opportunities, and for one without whose predecessor has
    some, up to the running period. NULL where there is no previous value, or 0 to divide by.
    """

    def grown(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
        steps = _steps(groups, group_by, back)
        rows = groups.rows("closed", group_by, where)
        keys = set(rows) | {groups.shifted(group_by, key, steps) for key in rows}
        answer: Answer = {}
        for key in keys:
            if not groups.is_begun(group_by, key):
                continue
            earlier = groups.shifted(group_by, key, -steps)
            this, previous = reduce(rows.get(key, [])), reduce(rows.get(earlier, []))
            if in_points:
                answer[key] = None if this is None or previous is None else this - previous
            else:
                answer[key] = ratio(this - previous, previous)
        return answer

    return grown


def _steps(groups: Groups, group_by: GroupBy, months: int) -> int:
    """How many periods of the group-by `months` are."""
    allowed = QUARTERLY if months == 3 else tuple(MONTHS)
    period = groups.require(group_by, allowed, "growth")
    return months // MONTHS[str(period)]


def quota(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Quota seed by owner and month: needs a period of months, and owner dimensions only."""
    groups.require(group_by, tuple(MONTHS), "quota")
    foreign = [name for name in group_by if name not in MONTHS and not name.startswith("owner")]
    if foreign:
        raise ValueError(f"a quota belongs to an owner: no answer by {foreign}")
    return {
        key: total("amount")(rows) for key, rows in groups.rows("quotas", group_by, where).items()
    }


def quota_attainment(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Won / quota; NULL without a quota."""
    quotas, won = quota(groups, group_by, where), _won(groups, group_by, where)
    return {key: ratio(won.get(key, 0), quotas.get(key)) for key in {**quotas, **won}}


def pipeline_coverage(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Open pipeline / (quota - won), at least 5 % of the quota; NULL when over or reached."""
    quotas, won = quota(groups, group_by, where), _won(groups, group_by, where)
    covered = _covered(groups, group_by, where)
    answer: Answer = dict.fromkeys([*quotas, *won, *groups.rows("open", group_by, where)])
    for key, amount in covered.items():
        missing = quotas[key] - won.get(key, Decimal(0))
        floor = quotas[key] * Decimal("0.05")
        answer[key] = ratio(amount, max(missing, floor)) if missing > 0 else None
    return answer


def pipeline_coverage_of_quota(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Open pipeline / the full quota; NULL when over or without one."""
    quotas = quota(groups, group_by, where)
    answer: Answer = dict.fromkeys([*quotas, *groups.rows("open", group_by, where)])
    for key, amount in _covered(groups, group_by, where).items():
        answer[key] = ratio(amount, quotas[key])
    return answer


def _covered(groups: Groups, group_by: GroupBy, where: Where) -> dict[Key, Decimal]:
    """The open pipeline where a month with a quota is not over at the reference date's end."""
    tomorrow = groups.settings.source_dt + timedelta(days=1)
    rows = groups.rows("open", group_by, where)
    return {
        key: total("amount")(rows.get(key, []))
        for key, quotas in groups.rows("quotas", group_by, where).items()
        if any(months_before(month["time"], -1) > tomorrow for month in quotas)
    }


def _won(groups: Groups, group_by: GroupBy, where: Where) -> dict[Key, Decimal]:
    return {key: WON(rows) for key, rows in groups.rows("closed", group_by, where).items()}


def sales_velocity(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Open opportunities at the period's end x win rate x average won deal size / cycle days.

    Currency per day; NULL when the cycle <= 0, or one of the parts is NULL.
    """
    open_counts = HISTORY["open_opportunity_snapshot"](groups, group_by, where)
    closed = groups.rows("closed", group_by, where)
    answer: Answer = defaultdict(lambda: None)
    for key in {**open_counts, **closed}:
        facts = closed.get(key, [])
        rate, size = WIN_RATE(facts), mean("amount", is_true("is_won"))(facts)
        cycle = mean("cycle_days")(facts)
        answer[key] = None
        if rate is not None and size is not None and cycle is not None and cycle > 0:
            answer[key] = float(open_counts.get(key, 0)) * rate * size / cycle
    return {key: value for key, value in answer.items() if groups.is_begun(group_by, key)}


OUTCOMES: dict[str, Callable[[Groups, GroupBy, Where], Answer]] = {
    "won_revenue_mtd": partial(won_since, partial(_start_of, "month")),
    "won_revenue_qtd": partial(won_since, partial(_start_of, "quarter")),
    "won_revenue_ytd": partial(won_since, partial(_start_of, "year")),
    "won_revenue_fiscal_qtd": partial(won_since, partial(_start_of, "fiscal_quarter")),
    "won_revenue_fiscal_ytd": partial(won_since, partial(_start_of, "fiscal_year")),
    "won_revenue_rolling_3m": partial(rolling, 3),
    "won_revenue_rolling_12m": partial(rolling, 12),
    "won_revenue_qoq_growth": growth(WON, 3, in_points=False),
    "won_revenue_yoy_growth": growth(WON, 12, in_points=False),
    "win_rate_qoq_change": growth(WIN_RATE, 3, in_points=True),
    "quota": quota,
    "quota_attainment": quota_attainment,
    "pipeline_coverage": pipeline_coverage,
    "pipeline_coverage_of_quota": pipeline_coverage_of_quota,
    "sales_velocity": sales_velocity,
}
