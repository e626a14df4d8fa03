"""What every opportunity metric can be cut by: today's attributes and those of a moment."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from oracle.pipeline.values import identifier, text

if TYPE_CHECKING:
    from datetime import date

    from oracle.pipeline.calendar import Calendar
    from oracle.pipeline.cleaning import Clean
    from oracle.pipeline.replay import Replayed, State
    from oracle.pipeline.settings import Settings

Fact = MutableMapping[str, Any]
BUCKETS = ((0, "Overdue"), (31, "0-30"), (61, "31-60"), (91, "61-90"))


def close_date_bucket(state: State, reference: date) -> str | None:
    """Open opportunities only: Overdue, 0-30, 31-60, 61-90, 91+ days ahead of the reference."""
    if not state.is_open or state.close_date is None:
        return None
    ahead = (state.close_date - reference).days
    return next((name for below, name in BUCKETS if ahead < below), "91+")


def is_overdue(state: State, reference: date) -> bool:
    """Open with close date before the reference date."""
    return state.is_open and state.close_date is not None and state.close_date < reference


class Dimensions:
    """Builds facts: own columns in front of the moment's attributes and the opportunity's."""

    def __init__(self, clean: Clean, settings: Settings, calendar: Calendar) -> None:
        self._clean, self._settings, self._calendar = clean, settings, calendar
        self._reference = settings.source_dt
        self._today: dict[str, Fact] = {}
        self._active: set[str | None] = set()

    def note_business(self, opportunities: list[Replayed]) -> None:
        """Note whose accounts are active: those with something open, or won within a year."""
        # A year before a leap day is the 28th.
        last = 28 if self._reference.month == 2 else self._reference.day
        year_ago = self._reference.replace(
            year=self._reference.year - 1, day=min(self._reference.day, last)
        )
        for opportunity in opportunities:
            now = opportunity.now
            won_on = now.close_date if now.stage.is_won else None
            if now.is_open or (won_on is not None and year_ago < won_on <= self._reference):
                account = self._clean.accounts.survivor(text(opportunity.row.get("account_id")))
                self._active.add(account)

    def fact(self, opportunity: Replayed, state: State, **own: object) -> Fact:
        """A fact with the slice attributes of `state`'s moment.

        `owner`, `owner__*`, `stage_name`, `forecast_category` and `close_quarter` (fiscal) are the
        moment's; `opportunity__*` and `account__*` are today's. `owner_membership__team` is the
        owner's team at the fact's own time; a fact that lasts from one time to another has none.
        """
        if "time" in own:
            own["owner_membership__team"] = self.team_at(state.owner, own["time"])
        moment = {
            "stage_name": state.stage.name,
            "stage_category": state.stage.category,
            "forecast_category": state.condition.forecast_category,
            "close_quarter": self._calendar.first_day("fiscal_quarter", state.close_date),
        }
        owner = self._clean.owners.attributes(state.owner)
        return ChainMap(own, moment, owner, self._of_today(opportunity))

    def team_at(self, owner: str | None, time: object) -> str | None:
        """The owner's team at a time, whether the owner is given by its id or as facts name it."""
        user_id = None if owner is None else owner.removeprefix(f"{self._settings.crm_source}:")
        return self._clean.owners.team_at(user_id, time)  # type: ignore[arg-type]

    def _of_today(self, opportunity: Replayed) -> Fact:
        if opportunity.opportunity_id not in self._today:
            self._today[opportunity.opportunity_id] = self._describe(opportunity)
        return self._today[opportunity.opportunity_id]

    def _describe(self, opportunity: Replayed) -> Fact:
        row, now = opportunity.row, opportunity.now
        account = self._clean.accounts.survivor(identifier(row.get("account_id")))
        return {
            "opportunity": f"{self._settings.crm_source}:{opportunity.opportunity_id}",
            "account": None if account is None else f"{self._settings.crm_source}:{account}",
            "opportunity__opportunity_name": text(row.get("name")),
            "opportunity__opportunity_type": text(row.get("type")),
            "opportunity__lead_source": text(row.get("lead_source")),
            "opportunity__currency": text(row.get("currency_iso_code"))
            or self._settings.corporate_currency,
            "opportunity__crm_source": self._settings.crm_source,
            "push_reason": text(row.get(self._settings.push_reason_column or "")),
            "lost_reason": text(row.get(self._settings.lost_reason_column or "")),
            "opportunity__stage_name": now.stage.name,
            "opportunity__forecast_category": now.condition.forecast_category,
            "opportunity__close_date_bucket": close_date_bucket(now, self._reference),
            "opportunity__is_overdue": is_overdue(now, self._reference),
            "account__is_active": None if account is None else account in self._active,
            **self._clean.accounts.attributes(account),
        }
