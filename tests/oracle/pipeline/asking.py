"""Groups: rows by their keys, and the state of the pipeline at the ends of periods."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from oracle.pipeline.values import midnight

if TYPE_CHECKING:
    from oracle.pipeline.dimensions import Fact
    from oracle.pipeline.facts import Facts
    from oracle.pipeline.settings import Settings

Key = tuple[object, ...]
Where = Callable[["Fact"], bool]
Measure = Callable[["Fact", date], Decimal | int]
GroupBy = tuple[str, ...]
BEGINNING, NEVER = datetime(1, 1, 1), datetime(9999, 12, 31)


class Groups:
    """Groups facts by periods and dimensions."""

    def __init__(self, facts: Facts, settings: Settings) -> None:
        self.facts, self.calendar, self.settings = facts, facts.calendar, settings

    def rows(self, name: str, group_by: GroupBy, where: Where) -> dict[Key, list[Fact]]:
        """The rows of `facts.<name>` by key."""
        groups: dict[Key, list[Fact]] = defaultdict(list)
        for fact in getattr(self.facts, name):
            if where(fact):
                key = tuple(
                    self.calendar.first_day(name, fact["time"])
                    if name in self.calendar
                    else fact[name]
                    for name in group_by
                )
                groups[key].append(fact)
        return dict(groups)

    def known_periods(self, period: str) -> list[date]:
        """Every period from the first creation to the running one."""
        created = [opportunity.created for opportunity in self.facts.replayed]
        return (
            self.calendar.between(period, min(created), self.settings.source_dt) if created else []
        )

    def bounds(self, period: str | None) -> tuple[list[date], list[datetime], list[datetime]]:
        """Periods with the instants at which they start and end; the running one ends today."""
        if period is None:
            return [date.min], [BEGINNING], [self.settings.end]
        firsts = self.known_periods(period)
        starts = [midnight(first) for first in firsts]
        ends = [midnight(self.calendar.following(period, first)) for first in firsts]
        return firsts, starts, [min(end, self.settings.end) for end in ends]

    def standing(
        self, group_by: GroupBy, where: Where, measure: Measure, *, at_start: bool = False
    ) -> dict[Key, Decimal | int]:
        """The state at the end of the last day of each period (today for the running one).

        0 where nothing is open any more. With `at_start`, the end of the day before the period.
        """
        period = self.calendar.period_in(group_by)
        firsts, starts, ends = self.bounds(period)
        instants = starts if at_start else ends
        days = [_day_before(instant) for instant in instants]
        sums: dict[Key, list[Decimal | int]] = {}
        seen: dict[Key, int] = {}
        for fact in self.facts.open_states:
            if not where(fact):
                continue
            until = fact["valid_to"] or NEVER
            since_place = bisect_right(instants, fact["valid_from"])
            # Open at the end of a day: valid_from < midnight <= valid_to.
            places = range(since_place, bisect_right(instants, until))
            key = tuple(fact[name] for name in group_by if name != period)
            values = sums.setdefault(key, [0] * len(instants))
            seen[key] = min(seen.get(key, since_place), since_place)
            for place in places:
                values[place] += measure(fact, days[place])
        return {
            self._keyed(group_by, period, firsts[place], key): values[place]
            for key, values in sums.items()
            for place in range(seen[key], len(instants))
        }

    def open_in_period(self, group_by: GroupBy, where: Where) -> dict[Key, int]:
        """Distinct opportunities open at any instant of each period."""
        period = self.calendar.period_in(group_by)
        firsts, starts, ends = self.bounds(period)
        found: dict[Key, set[str]] = defaultdict(set)
        for fact in self.facts.open_states:
            if not where(fact):
                continue
            key = tuple(fact[name] for name in group_by if name != period)
            since = bisect_right(ends, fact["valid_from"])
            for place in range(since, bisect_left(starts, fact["valid_to"] or NEVER)):
                found[self._keyed(group_by, period, firsts[place], key)].add(fact["opportunity"])
        return {key: len(opportunities) for key, opportunities in found.items()}

    def _keyed(self, group_by: GroupBy, period: str | None, first: date, others: Key) -> Key:
        if period is None:
            return others
        place = group_by.index(period)
        return (*others[:place], first, *others[place:])

    def require(self, group_by: GroupBy, allowed: Sequence[str | None], metric: str) -> str | None:
        """Refuse a grain at which a metric isn't right."""
        period = self.calendar.period_in(group_by)
        if period not in allowed:
            raise ValueError(f"{metric} has no answer by {period or 'no period'}: use {allowed}")
        return period

    def shifted(self, group_by: GroupBy, key: Key, count: int) -> Key:
        """The key `count` periods later; one without a date stays."""
        period = self.calendar.period_in(group_by)
        assert period is not None
        place = group_by.index(period)
        first = key[place]
        if not isinstance(first, date):
            return key
        return (*key[:place], self.calendar.following(period, first, count), *key[place + 1 :])

    def is_begun(self, group_by: GroupBy, key: Key) -> bool:
        """Whether the key's period is at most the running one; no date is none."""
        period = self.calendar.period_in(group_by)
        if period is None:
            return True
        first = key[group_by.index(period)]
        return isinstance(first, date) and first <= self.settings.source_dt


def _day_before(instant: datetime) -> date:
    return instant.date() if instant == BEGINNING else (instant - timedelta(days=1)).date()
