"""The same metrics of a Pipedrive org, from the records and the change log of its API."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oracle.pipeline.cleaning import Accounts, Condition, Owners, corporate
from oracle.pipeline.facts import Facts
from oracle.pipeline.oracle import PipelineOracle
from oracle.pipeline.replay import Replayed, State
from oracle.pipeline.settings import Stage
from oracle.pipeline.stages import StageEntry
from oracle.pipeline.values import boolean, day, number, probability, text, timestamp
from oracle.steps import STAGE_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from oracle.pipeline.dimensions import Fact
    from oracle.pipeline.settings import Settings
    from oracle.reading import Raw, Row

TABLES = ("deals", "dealflow", "stages", "pipelines", "organizations", "users", "activities")
TRACKED = ("user_id", "stage_id", "status", "value", "currency", "expected_close_date")
TRACKED += ("probability", "lost_reason")


@dataclass(frozen=True)
class DealStage(Stage):
    """A stage of one pipeline; others may have its name."""

    stage_id: str | None = None


@dataclass(frozen=True)
class Deal(Replayed):
    """A deal with what each of its fields was from when on, in the order of the log."""

    timelines: dict[str, list[tuple[datetime, Any]]]


def plain_id(value: object) -> str | None:
    """An id, or the one in the object that the API gives."""
    given = text(value)
    if given is not None and given.startswith("{"):
        found = json.loads(given)
        given = text(found.get("value", found.get("id")))
    return given


def _read(key: str, value: object) -> object:
    given = text(value)
    if given is None:
        return None
    if key == "value":
        return number(given)
    if key == "probability":
        return probability(given)
    if key == "expected_close_date":
        return day(given)
    return given.lower() if key == "status" else given


class CleanDeals:
    """The clean tables of a Pipedrive org, as far as the facts ask for them."""

    def __init__(self, raw: Raw, settings: Settings) -> None:
        self._rates = settings.rates
        self.accounts = Accounts([_account(row) for row in raw.get("organizations", [])], {})
        self.owners = Owners(
            [{"id": row["id"], "name": row["name"]} for row in raw.get("users", [])], [], settings
        )
        self._stages = {str(row["id"]): row for row in raw["stages"]}
        self.flow: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in sorted(
            raw.get("dealflow", []), key=lambda row: (timestamp(row["log_time"]), row["id"])
        ):
            self.flow[str(row["item_id"])][row["field_key"]].append(row)
        self.deals = [
            row
            for row in raw["deals"]
            if not boolean(row.get("deleted")) and str(row["status"]).lower() != "deleted"
        ]

    def stage(self, stage_id: str | None, category: str) -> DealStage:
        row = self._stages.get(stage_id or "")
        name = None if row is None else str(row["name"])
        kpi_name, step = STAGE_STEPS.get((name or "").lower(), (None, None))
        chance = None if row is None else probability(row.get("deal_probability"))
        # No name before the first known stage.
        return DealStage(kpi_name or name, None, category, step, chance, stage_id)  # type: ignore[arg-type]

    def amount(self, value: Decimal | None, currency: str | None) -> Decimal | None:
        return corporate(value, currency, self._rates)


def _account(row: Row) -> Row:
    return {
        "id": str(row["id"]),
        "name": row.get("name"),
        "industry": row.get("industry"),
        "annual_revenue": row.get("annual_revenue"),
        "billing_city": row.get("address_locality"),
        "billing_state": row.get("address_admin_area_level_1"),
        "billing_country": row.get("address_country"),
        "is_deleted": not (row.get("active_flag") is None or boolean(row["active_flag"])),
    }


def _closed_at(row: Row) -> datetime | None:
    status = str(row["status"]).lower()
    return timestamp(row.get(f"{status}_time")) or timestamp(row.get("close_time"))


def _known_since(row: Row, key: str, added: datetime) -> datetime:
    """When a field became what the record says, as far as the record tells; not before its time."""
    updated = timestamp(row.get("update_time")) or added
    if key == "stage_id":
        return timestamp(row.get("stage_change_time")) or updated
    if key in ("status", "lost_reason") and row["status"] in ("won", "lost"):
        return _closed_at(row) or updated
    return updated


def timeline(clean: CleanDeals, row: Row, key: str) -> list[tuple[datetime, Any]]:
    """What a field was from when on: its beginning, the log, and what only the record knows."""
    added = timestamp(row["add_time"])
    assert added is not None
    changes = clean.flow.get(str(row["id"]), {}).get(key, [])
    now = plain_id(row[key]) if key == "user_id" else _read(key, row[key])
    if key == "lost_reason" and str(row["status"]).lower() != "lost":
        now = None
    since = max(_known_since(row, key, added), added)
    if not changes:
        return _without_log(row, key, now, added, since)
    found = [(_moment(change), _read(key, change["new_value"])) for change in changes]
    before = "open" if key == "status" else _read(key, changes[0]["old_value"])
    if key != "lost_reason" and found[0][0] > added and before is not None:
        found.insert(0, (added, before))
    last = found[-1]
    may_be_empty = key in ("value", "currency", "expected_close_date", "probability")
    if last[1] != now and (now is not None or may_be_empty):
        found.append((max(since, last[0]), now))
    return found


def _without_log(
    row: Row, key: str, now: object, added: datetime, since: datetime
) -> list[tuple[datetime, Any]]:
    if key == "status":
        return [(added, "open"), *([] if now == "open" else [(since, now)])]
    if key == "lost_reason":
        return [] if now is None else [(since, now)]
    moved = timestamp(row.get("stage_change_time")) if key == "stage_id" else None
    return [(max(moved or added, added), now)]


def _moment(change: Row) -> datetime:
    found = timestamp(change["log_time"])
    assert found is not None
    return found


def _at(found: list[tuple[datetime, Any]], instant: datetime) -> Any:  # noqa: ANN401
    place = bisect_right([moment for moment, _ in found], instant)
    return found[place - 1][1] if place else None


def replayed_deal(clean: CleanDeals, row: Row, end: datetime) -> Deal | None:
    """The states of a deal by what happened before `end`; none if it was added later."""
    added = timestamp(row["add_time"])
    assert added is not None
    if added >= end:
        return None
    timelines = {key: timeline(clean, row, key) for key in TRACKED}
    timelines = {
        key: [(max(moment, added), value) for moment, value in found if moment < end]
        for key, found in timelines.items()
    }
    tracked = [key for key in TRACKED if key != "lost_reason"]
    instants = sorted({added, *(moment for key in tracked for moment, _ in timelines[key])})
    states = []
    for since, until in zip(instants, [*instants[1:], None], strict=True):
        values = {key: _at(timelines[key], since) for key in tracked}
        condition = _condition(clean, row, values, timelines["status"], since)
        states.append(State(since, until, condition, values["user_id"]))
    described = {
        "account_id": plain_id(row.get("org_id")),
        "name": row.get("title"),
        "lead_source": row.get("origin"),
        "currency_iso_code": _at(timelines["currency"], instants[-1]),
    }
    return Deal(described, f"{row['id']}:1", added, states, timelines)


def _condition(
    clean: CleanDeals,
    row: Row,
    values: dict[str, Any],
    statuses: list[tuple[datetime, Any]],
    instant: datetime,
) -> Condition:
    category = values["status"] if values["status"] in ("won", "lost") else "open"
    stage = clean.stage(values["stage_id"], category)
    chance = values["probability"]
    if chance is None:
        chance = stage.default_probability
    closes = values["expected_close_date"]
    if category != "open":
        chance = Decimal(1 if category == "won" else 0)
        since = [moment for moment, _ in statuses if moment <= instant][-1]
        is_last = since == statuses[-1][0] and str(row["status"]).lower() == category
        closes = ((is_last and _closed_at(row)) or since).date()
    return Condition(stage, clean.amount(values["value"], values["currency"]), chance, closes, None)


def deal_stage_entries(clean: CleanDeals, deal: Deal) -> list[StageEntry]:
    """Every entry of an open deal into a stage; it ends with the next one, the win or the loss.

    The amount is that of the last state before the exit.
    """
    events = [(moment, 0, value) for moment, value in deal.timelines["stage_id"] if value]
    events += [(moment, 1, value) for moment, value in deal.timelines["status"]]
    entries: list[StageEntry] = []
    status, last_entered = "open", None
    for moment, kind, value in sorted(events, key=lambda event: event[:2]):
        if kind == 1:
            if value == status:
                continue
            status, last_entered = value, None
            if value == "open":
                continue
        elif status != "open" or value == last_entered:
            continue
        if entries and entries[-1].exit is None:
            _leave(deal, entries[-1], moment)
        if kind == 0:
            last_entered = value
            state = deal.at(moment)
            assert state is not None
            stage = clean.stage(value, "open")
            entered = replace(
                state, valid_from=moment, condition=replace(state.condition, stage=stage)
            )
            entries.append(StageEntry(entered, deal.now))
    return entries


def _leave(deal: Deal, entry: StageEntry, moment: datetime) -> None:
    is_instant = moment == entry.state.valid_from
    last = deal.at(moment) if is_instant else deal.before(moment)
    assert last is not None
    entry.exit, entry.last_state = moment, last


class DealFacts(Facts):
    """What is counted of a Pipedrive org."""

    clean: CleanDeals  # type: ignore[assignment]

    def _cleaned(self, raw: Raw) -> CleanDeals:  # type: ignore[override]
        return CleanDeals(raw, self._settings)

    def _replays(self) -> Iterator[Replayed | None]:
        return (replayed_deal(self.clean, row, self._settings.end) for row in self.clean.deals)

    def _entries(self, opportunity: Replayed) -> list[StageEntry]:
        assert isinstance(opportunity, Deal)
        return deal_stage_entries(self.clean, opportunity)

    @cached_property
    def _rates_of_stages(self) -> dict[str | None, tuple[int, int]]:
        rates: dict[str | None, tuple[int, int]] = {}
        for opportunity in self.replayed:
            if not opportunity.now.is_open:
                stages = {entry.state.stage for entry in self._entries(opportunity)}
                for stage_id in {stage.stage_id for stage in stages}:  # type: ignore[attr-defined]
                    closed, won = rates.get(stage_id, (0, 0))
                    rates[stage_id] = (closed + 1, won + opportunity.now.stage.is_won)
        return rates

    @cached_property
    def stage_adjusted(self) -> list[Fact]:
        """By the stage itself: one of its name in another pipeline is another."""
        found = []
        for opportunity, fact in zip(self.replayed, self.opportunities, strict=True):
            if fact["is_open"]:
                stage_id = opportunity.now.stage.stage_id  # type: ignore[attr-defined]
                closed, won = self._rates_of_stages.get(stage_id, (0, 0))
                adjusted = fact["weighted"]
                if closed >= self._settings.fewest_closed:
                    adjusted = (fact["amount"] or Decimal(0)) * won / closed
                found.append(fact.new_child({"adjusted": adjusted}))  # type: ignore[attr-defined]
        return found


class PipedriveOracle(PipelineOracle):
    """The pipeline metrics of one Pipedrive org, by its API's tables, as of one reference date."""

    def _made_facts(self, raw: Raw) -> Facts:
        self.settings = replace(self.settings, crm_source="pipedrive")
        return DealFacts(raw, self.settings)
