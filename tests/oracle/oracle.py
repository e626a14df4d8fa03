"""Ask the oracle for a metric by any group-by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from oracle.facts import Fact, Facts, FunnelFacts
from oracle.metrics import METRICS, Count, Growth, Metric, Ratio
from oracle.periods import months_before, periods

if TYPE_CHECKING:
    from oracle.reading import Raw

Key = tuple[object, ...]
Values = dict[Key, float | None]
Where = Callable[[Fact], bool]


def _everything(_: Fact) -> bool:
    return True


class Oracle:
    """The metrics of one export as of one reference date.

    Args:
        raw: The raw tables, as `read_csv_directory` and `read_parquet_directory` give them, or the
            facts that another CRM's raw tables give.
        source_dt: The last day that counts, included.
        fiscal_year_start_month: 1 to 12.
    """

    def __init__(
        self, raw: Raw | FunnelFacts, source_dt: date, fiscal_year_start_month: int = 1
    ) -> None:
        self.source_dt = source_dt
        self.facts = raw if isinstance(raw, FunnelFacts) else Facts(raw, source_dt)
        self._periods = periods(fiscal_year_start_month)
        self._known: dict[tuple[str, tuple[str, ...], Where], Values] = {}

    def value(
        self, metric: str, group_by: Sequence[str] = (), where: Where = _everything
    ) -> Values:
        """Give a metric's value for every group that has one.

        Args:
            metric: A name out of `METRICS`.
            group_by: Periods (day, week, month, quarter, year, fiscal_quarter, fiscal_year; each
                the period's first day) and columns of the facts: owner, owner_name, funnel_step,
                kpi_name, lost_reason, stage_name, activity_type, opportunity, deal_id.
            where: Which rows count. It sees a fact's columns; what is a first entry, and what
                converted, doesn't depend on it.
        """
        # Each engine is compared with it.
        asked = (metric, tuple(group_by), where)
        if asked not in self._known:
            self._known[asked] = self._evaluate(METRICS[metric], *asked[1:])
        return dict(self._known[asked])

    def _evaluate(self, metric: Metric, group_by: tuple[str, ...], where: Where) -> Values:
        if isinstance(metric, Ratio):
            above = self._count(metric.numerator, group_by, where)
            below = self._count(metric.denominator, group_by, where)
            keys = {**above, **below}
            return {key: above.get(key, 0) / below[key] if below.get(key) else None for key in keys}
        if isinstance(metric, Growth):
            return self._growth(metric, group_by, where)
        return dict(self._count(metric, group_by, where))

    def _count(self, metric: Count, group_by: tuple[str, ...], where: Where) -> dict[Key, int]:
        groups: dict[Key, list[object]] = defaultdict(list)
        for fact in getattr(self.facts, metric.facts):
            if metric.keep(fact) and where(fact):
                key = tuple(self._group(name, fact) for name in group_by)
                groups[key].append(fact[metric.distinct] if metric.distinct else None)
        return {
            key: len(set(values)) if metric.distinct else len(values)
            for key, values in groups.items()
        }

    def _group(self, name: str, fact: Fact) -> object:
        return self._periods[name](fact["time"]) if name in self._periods else fact[name]

    def _growth(self, metric: Growth, group_by: tuple[str, ...], where: Where) -> Values:
        """Give growth for every month with rows, and for one without whose predecessor has some."""
        if "month" not in group_by:
            raise ValueError("growth is by month: group by 'month'")
        place = group_by.index("month")
        counts = self._count(metric.of, group_by, where)

        def shifted(key: Key, months: int) -> Key:
            month = key[place]
            assert isinstance(month, date)
            return (*key[:place], months_before(month, months), *key[place + 1 :])

        followers = {shifted(key, -metric.months) for key in counts}
        running = self.source_dt.replace(day=1)
        keys = set(counts) | {key for key in followers if key[place] <= running}  # type: ignore[operator]
        growth: Values = {}
        for key in keys:
            previous = counts.get(shifted(key, metric.months))
            growth[key] = (counts.get(key, 0) - previous) / previous if previous else None
        return growth
