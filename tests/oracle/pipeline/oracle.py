"""Ask the pipeline oracle for a metric by any group-by."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from oracle.pipeline.asking import GroupBy, Groups, Key, Where
from oracle.pipeline.facts import Facts
from oracle.pipeline.forecasting import FORECASTS
from oracle.pipeline.health import HEALTH
from oracle.pipeline.history import HISTORY, Answer
from oracle.pipeline.metrics import Aggregate, aggregates
from oracle.pipeline.outcomes import OUTCOMES
from oracle.pipeline.reductions import everything, ratio
from oracle.pipeline.settings import STANDARD_STAGES, Membership, Quota, Settings, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from oracle.reading import Raw

Values = dict[Key, float | None]


def pushes_per_opportunity(groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Pushes / distinct opportunities open on any day of the period."""
    pushes = groups.rows("pushes", group_by, where)
    opened = groups.open_in_period(group_by, where)
    return {key: ratio(len(pushes.get(key, [])), opened.get(key)) for key in {**opened, **pushes}}


DERIVED: dict[str, Callable[[Groups, GroupBy, Where], Answer]] = {
    **OUTCOMES,
    **HISTORY,
    **HEALTH,
    **FORECASTS,
    "pushes_per_opportunity": pushes_per_opportunity,
}


class PipelineOracle:
    """The pipeline metrics of one Salesforce-shaped export as of one reference date.

    Args:
        raw: The raw tables by name, rows with snake_case columns (`pipeline.reading` gives them).
        source_dt: The last day that counts, included.
        rates: Currency to its rate to the corporate currency (corporate = amount x rate).
        stage_map: Known stages by name; whatever the case.
        quotas: What owners are to win by month.
        memberships: The teams of owners from days on; who has none is in today's team.
        fiscal_year_start_month: 1 to 12.
        options: Further vars of `Settings`, such as `likely_days` or `fewest_closed`.
    """

    def __init__(  # noqa: PLR0913 - one argument a seed or var
        self,
        raw: Raw,
        source_dt: date,
        *,
        rates: Mapping[str, float | str | Decimal] | None = None,
        stage_map: Mapping[str, Stage] | None = None,
        quotas: Iterable[Quota] = (),
        memberships: Iterable[Membership] = (),
        fiscal_year_start_month: int = 1,
        **options: object,
    ) -> None:
        stages = STANDARD_STAGES if stage_map is None else stage_map
        self.settings = Settings(
            source_dt,
            {currency: Decimal(str(rate)) for currency, rate in (rates or {}).items()},
            {name.lower(): stage for name, stage in stages.items()},
            tuple(quotas),
            fiscal_year_start_month,
            memberships=tuple(memberships),
            **options,  # type: ignore[arg-type]
        )
        self.facts = self._made_facts(raw)
        self._groups = Groups(self.facts, self.settings)
        self._aggregates = aggregates(self.settings)
        self._known: dict[tuple[str, GroupBy, Where], Values] = {}

    def _made_facts(self, raw: Raw) -> Facts:
        return Facts(raw, self.settings)

    @property
    def metrics(self) -> list[str]:
        """The names of all metrics that can be asked for."""
        return sorted({*self._aggregates, *DERIVED})

    def value(self, metric: str, group_by: Sequence[str] = (), where: Where = everything) -> Values:
        """Give a metric's value for every group that has one.

        A group that is not in the answer has no rows: 0 for a count or a sum, NULL else.

        Args:
            metric: A name out of `metrics`.
            group_by: At most one period (day, week, month, quarter, year, fiscal_quarter,
                fiscal_year; each the period's first day) and columns of the facts (`dimensions`,
                `facts`).
            where: Which rows count; it sees a fact's columns.

        Raises:
            ValueError: The metric has no answer at this grain.
        """
        # Each engine is compared with it.
        asked = (metric, tuple(group_by), where)
        if asked not in self._known:
            self._known[asked] = {
                key: None if value is None else float(value)
                for key, value in self._evaluate(*asked).items()
            }
        return dict(self._known[asked])

    def _evaluate(self, metric: str, group_by: GroupBy, where: Where) -> Answer:
        if metric in self._aggregates:
            return self._aggregate(metric, self._aggregates[metric], group_by, where)
        return DERIVED[metric](self._groups, group_by, where)

    def _aggregate(self, name: str, metric: Aggregate, group_by: GroupBy, where: Where) -> Answer:
        refused = [period for period in group_by if period in metric.refused]
        if refused:
            raise ValueError(f"{name} has no answer by {refused}")
        rows = self._groups.rows(metric.facts, group_by, where)
        return {key: metric.of(facts) for key, facts in rows.items()}
