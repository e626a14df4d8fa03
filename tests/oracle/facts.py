"""The rows that metrics count: each a dict of its time, its entities and its dimensions."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from oracle.reading import Raw, Row, distinct_rows
from oracle.replay import Happening, Lifecycle, lifecycles, opportunity_id
from oracle.steps import CALL_STEPS, LOST, STAGE_PAIRS, STAGE_STEPS

Fact = dict[str, Any]


class FunnelFacts:
    """The rows that funnel metrics count.

    Args:
        stage_entries: Every entry into a stage; `funnel_step` is None where the stage is no step.
        losses: Every loss.
        activities: Every completed activity.
    """

    def __init__(
        self, stage_entries: list[Fact], losses: list[Fact], activities: list[Fact]
    ) -> None:
        self.stage_entries, self.activities = stage_entries, activities
        staged = [fact for fact in stage_entries if fact["funnel_step"] is not None]
        calls = [
            fact
            for fact in activities
            if fact["funnel_step"] is not None and fact["deal_id"] is not None
        ]
        self.funnel_events = [*staged, *losses, *calls]
        self.first_entries = _firsts([*staged, *calls], "deal_id")
        self.conversions = _conversions(staged)


class Facts(FunnelFacts):
    """Everything that happened up to the end of `source_dt`, as rows to count."""

    def __init__(self, raw: Raw, source_dt: date) -> None:
        end = datetime.combine(source_dt, time()) + timedelta(days=1)
        changes = [row for row in distinct_rows(raw["deal_changes"]) if row["change_time"] < end]
        self._activities = [row for row in distinct_rows(raw["activity"]) if row["due_to"] < end]
        self._owner_names = {user["id"]: user["name"] for user in raw["users"]}
        self._stage_names = {str(row["stage_id"]): row["stage_name"] for row in raw["stages"]}
        self._reasons = _labels(raw["fields"], "lost_reason")
        self._added: dict[int, list[datetime]] = defaultdict(list)
        for row in sorted(changes, key=lambda row: row["change_time"]):
            if row["changed_field_key"] == "add_time":
                self._added[row["deal_id"]].append(row["change_time"])

        replayed = lifecycles(changes)
        self._deleted = {life.opportunity for life in replayed if life.is_deleted}
        lives = self.lives = [life for life in replayed if not life.is_deleted]
        super().__init__(
            [self._stage_entry(life, entry) for life in lives for entry in life.entries],
            [self._loss(life, loss) for life in lives for loss in life.losses],
            [self._activity(row) for row in self._activities if row["done"]],
        )

    def _owner(self, owner: int | None) -> Fact:
        return {
            "owner": None if owner is None else f"pipedrive:{owner}",
            "owner_name": self._owner_names.get(owner),
        }

    def _event(self, life: Lifecycle, happening: Happening) -> Fact:
        return {
            "time": happening.time,
            "position": happening.position,
            "deal_id": life.deal_id,
            "opportunity": life.opportunity,
            "lost_reason": None,
            **self._owner(life.owner_at(happening.time)),
        }

    def _stage_entry(self, life: Lifecycle, entry: Happening) -> Fact:
        name = self._stage_names.get(str(entry.value))
        kpi_name, step = STAGE_STEPS.get((name or "").lower(), (None, None))
        return {
            **self._event(life, entry),
            "exit": entry.exit,
            "stage_id": entry.value,
            "stage_name": kpi_name or name,  # the stage map's spelling
            "kpi_name": kpi_name,
            "funnel_step": step,
        }

    def _loss(self, life: Lifecycle, loss: Happening) -> Fact:
        reason = None if loss.value is None else self._reasons.get(loss.value, loss.value)
        step = {"kpi_name": LOST, "funnel_step": LOST}
        return {**self._event(life, loss), "lost_reason": reason, **step}

    def _activity(self, row: Row) -> Fact:
        kpi_name, step = CALL_STEPS.get(row["type"], (None, None))
        deal_id, due = row["deal_id"], row["due_to"]
        opportunity = None
        if deal_id is not None:
            number = bisect_right(self._added.get(deal_id, []), due)
            opportunity = opportunity_id(deal_id, max(number, 1))
            if opportunity in self._deleted:  # the work was done, and is of no deal
                deal_id = opportunity = None
        return {
            "time": due,
            "position": row["activity_id"],
            "activity_type": row["type"],
            "deal_id": deal_id,
            "opportunity": opportunity,
            "lost_reason": None,
            "kpi_name": kpi_name,
            "funnel_step": step,
            **self._owner(row["assigned_to_user"]),
        }


def _labels(fields: list[Row], field_key: str) -> dict[str, str]:
    for row in fields:
        if row["field_key"] == field_key and row["field_value_options"]:
            options = json.loads(row["field_value_options"])
            return {str(option["id"]): option["label"] for option in options}
    return {}


def _firsts(facts: list[Fact], entity: str) -> list[Fact]:
    first: dict[tuple[object, str], Fact] = {}
    for fact in sorted(facts, key=lambda fact: (fact["time"], fact["position"])):
        first.setdefault((fact[entity], fact["funnel_step"]), fact)
    return list(first.values())


def _conversions(entries: list[Fact]) -> list[Fact]:
    """First entries of a step with `days` to the first entry of the next one at or after it."""
    next_step = dict(STAGE_PAIRS)
    times: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for fact in entries:
        times[fact["opportunity"], fact["funnel_step"]].append(fact["time"])
    converted = []
    for fact in _firsts(entries, "opportunity"):
        following = times.get((fact["opportunity"], next_step.get(fact["funnel_step"], "")), [])
        waits = [moment - fact["time"] for moment in following if moment >= fact["time"]]
        days = min(waits).total_seconds() / 86400 if waits else None
        converted.append({**fact, "days": days})
    return converted
