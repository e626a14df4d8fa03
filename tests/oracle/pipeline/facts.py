"""The rows that metrics count, each a dict of its time, its measures and its dimensions."""

from __future__ import annotations

from collections import ChainMap
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from oracle.pipeline.calendar import Calendar
from oracle.pipeline.cleaning import Clean
from oracle.pipeline.dimensions import Dimensions, Fact, is_overdue
from oracle.pipeline.movements import movements
from oracle.pipeline.replay import Replayed, State, replay
from oracle.pipeline.slippage import close_date_changes, due_in_quarters
from oracle.pipeline.stages import StageEntry, stage_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle.pipeline.settings import Settings
    from oracle.reading import Raw


class Facts:
    """Everything that happened up to the end of `source_dt`, as rows to count."""

    def __init__(self, raw: Raw, settings: Settings) -> None:
        self._settings = settings
        self.calendar = Calendar(settings.fiscal_year_start_month)
        self.clean = self._cleaned(raw)
        self._dimensions = Dimensions(self.clean, settings, self.calendar)
        self.replayed = [found for found in self._replays() if found is not None]
        self._dimensions.note_business(self.replayed)

    def _cleaned(self, raw: Raw) -> Clean:
        return Clean(raw, self._settings)

    def _replays(self) -> Iterable[Replayed | None]:
        clean, end = self.clean, self._settings.end
        return (replay(clean, row, end) for row in clean.opportunities)

    def _entries(self, opportunity: Replayed) -> list[StageEntry]:
        return stage_entries(opportunity)

    @cached_property
    def opportunities(self) -> list[Fact]:
        """One row per opportunity as it stands at the end of `source_dt`, by close date."""
        return [self._opportunity(opportunity) for opportunity in self.replayed]

    @cached_property
    def created(self) -> list[Fact]:
        """The same rows by created date."""
        return [
            _with(
                fact,
                time=fact["created"],
                owner_membership__team=self._dimensions.team_at(fact["owner"], fact["created"]),
            )
            for fact in self.opportunities
        ]

    @cached_property
    def open(self) -> list[Fact]:
        return [fact for fact in self.opportunities if fact["is_open"]]

    @cached_property
    def closed(self) -> list[Fact]:
        return [fact for fact in self.opportunities if not fact["is_open"]]

    def _opportunity(self, opportunity: Replayed) -> Fact:
        now, reference = opportunity.now, self._settings.source_dt
        cycle = None
        if now.stage.is_won and now.close_date is not None:
            cycle = (now.close_date - opportunity.created.date()).days
        return self._dimensions.fact(
            opportunity,
            now,
            time=now.close_date,
            created=opportunity.created,
            amount=now.condition.amount,
            weighted=now.weighted,
            probability=now.condition.probability,
            is_open=now.is_open,
            is_won=now.stage.is_won,
            is_overdue=is_overdue(now, reference),
            days_ahead=None if now.close_date is None else (now.close_date - reference).days,
            cycle_days=cycle if cycle is None or cycle >= 0 else None,
            age_days=(reference - opportunity.created.date()).days,
        )

    @cached_property
    def stage_outcomes(self) -> list[Fact]:
        """One row per closed opportunity and stage it ever entered, by close date."""
        found = []
        for opportunity, fact in zip(self.replayed, self.opportunities, strict=True):
            if not fact["is_open"]:
                entered = {entry.state.stage.name for entry in self._entries(opportunity)}
                found += [_with(fact, stage_entry__stage_name=name) for name in sorted(entered)]
        return found

    @cached_property
    def stage_rates(self) -> dict[str, tuple[int, int]]:
        """Org-wide, by stage: how many closed opportunities ever entered it, how many are won."""
        rates: dict[str, tuple[int, int]] = {}
        for fact in self.stage_outcomes:
            closed, won = rates.get(fact["stage_entry__stage_name"], (0, 0))
            rates[fact["stage_entry__stage_name"]] = (closed + 1, won + fact["is_won"])
        return rates

    @cached_property
    def stage_adjusted(self) -> list[Fact]:
        """Open opportunities with amount x the org-wide stage win rate of the current stage.

        Where fewer than 20 (var) closed ones entered it, the opportunity's own probability.
        """
        return [_with(fact, adjusted=self._adjusted(fact)) for fact in self.open]

    def _adjusted(self, fact: Fact) -> Decimal:
        closed, won = self.stage_rates.get(fact["opportunity__stage_name"], (0, 0))
        if closed < self._settings.fewest_closed:
            return Decimal(fact["weighted"])
        return (fact["amount"] or Decimal(0)) * won / closed

    @cached_property
    def open_states(self) -> list[Fact]:
        """Every state in which an opportunity was open, from when to when."""
        return [
            self._dimensions.fact(
                opportunity,
                state,
                valid_from=state.valid_from,
                valid_to=state.valid_to,
                amount=state.amount,
                weighted=state.weighted,
                close_date=state.close_date,
            )
            for opportunity in self.replayed
            for state in opportunity.states
            if state.is_open
        ]

    @cached_property
    def movements(self) -> list[Fact]:
        """What changed the open pipeline: `part` of the walk, and by how much."""
        return [
            self._dimensions.fact(
                opportunity,
                movement.slice_of,
                time=movement.time,
                part=movement.part,
                amount=movement.amount,
            )
            for opportunity in self.replayed
            for movement in movements(opportunity, self._slice)
        ]

    def _slice(self, state: State) -> tuple[object, ...]:
        quarter = self.calendar.first_day("fiscal_quarter", state.close_date)
        return state.stage.name, state.owner, state.condition.forecast_category, quarter

    @cached_property
    def stage_entries(self) -> list[Fact]:
        """One row per entry into a stage, by entry time, owner at entry."""
        return [
            self._stage_entry(opportunity, entry)
            for opportunity in self.replayed
            for entry in self._entries(opportunity)
        ]

    def _stage_entry(self, opportunity: Replayed, entry: StageEntry) -> Fact:
        days = None
        if entry.state.is_open:
            until = entry.exit or self._settings.end
            days = (until - entry.state.valid_from) / timedelta(days=1)
        return self._dimensions.fact(
            opportunity,
            entry.state,
            time=entry.state.valid_from,
            exit=entry.exit,
            stage_entry__stage_name=entry.state.stage.name,
            funnel_step=entry.state.stage.funnel_step,
            days=days,
            amount=entry.last_state.amount,
        )

    @cached_property
    def close_date_changes(self) -> list[Fact]:
        """One row per change of the close date on an open opportunity, by its time."""
        return [
            self._dimensions.fact(
                opportunity,
                change.state,
                time=change.state.valid_from,
                days=change.days,
                is_across_quarters=change.quarters > 0,
                is_pulled_in=change.quarters < 0,
                amount=change.state.amount,
            )
            for opportunity in self.replayed
            for change in close_date_changes(opportunity, self.calendar)
        ]

    @cached_property
    def pushes(self) -> list[Fact]:
        return [fact for fact in self.close_date_changes if fact["days"] > 0]

    @cached_property
    def due(self) -> list[Fact]:
        """One row per opportunity and fiscal quarter in which it was due, by its first day."""
        return [
            self._dimensions.fact(
                opportunity,
                due.state,
                time=due.quarter,
                slip_kind=due.slip_kind,
                is_slipped=due.slip_kind is not None,
                is_provisional=due.is_provisional,
                amount=due.state.amount,
            )
            for opportunity in self.replayed
            for due in due_in_quarters(opportunity, self.calendar, self._settings.end)
        ]

    @cached_property
    def quotas(self) -> list[Fact]:
        """One row per quota of an owner and month; owners that no CRM knows have none."""
        owners = self.clean.owners
        return [
            {
                "time": quota.month,
                "amount": quota.amount,
                "owner_membership__team": owners.team_at(
                    owners.user_id(quota.owner_id), quota.month
                ),
                **owners.attributes(owners.user_id(quota.owner_id)),
            }
            for quota in self._settings.quotas
            if owners.is_known(quota.owner_id)
        ]


def _with(fact: Fact, **columns: object) -> Fact:
    return ChainMap(columns, *(fact.maps if isinstance(fact, ChainMap) else [fact]))
