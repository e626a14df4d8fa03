"""Counts from the raw rows what the truth file says was planted, by other code."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from oracle.reading import Raw, Row, distinct_rows

KEYS = ["add_time", "user_id", "stage_id", "lost_reason"]
LEAP_DAY = date(2024, 2, 29)
LAST_MOMENT = datetime(2024, 12, 31, 23, 59, 59)


def at_month_start(moment: datetime) -> bool:
    return moment.day == 1 and moment.time().isoformat() == "00:00:00"


def at_month_end(moment: datetime) -> bool:
    return at_month_start(moment + timedelta(seconds=1))


def recount(raw: Raw) -> dict[str, int]:
    """Give every count of the truth file anew."""
    return {**_changes(raw), **_activities(raw), **_names(raw)}


def _changes(raw: Raw) -> Counter[str]:
    rows = distinct_rows(raw["deal_changes"])
    deals: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row["changed_field_key"] in KEYS:
            deals[row["deal_id"]].append(row)
    found: Counter[str] = Counter(
        deal_ids=len(deals),
        lifecycles=sum(row["changed_field_key"] == "add_time" for row in rows),
        stage_entries=sum(row["changed_field_key"] == "stage_id" for row in rows),
        changes_at_month_start=sum(at_month_start(row["change_time"]) for row in rows),
        changes_at_month_end=sum(at_month_end(row["change_time"]) for row in rows),
        changes_on_leap_day=sum(row["change_time"].date() == LEAP_DAY for row in rows),
        changes_of_other_fields=sum(row["changed_field_key"] not in KEYS for row in rows),
        duplicate_changes=len(raw["deal_changes"]) - len(rows),
    )
    for changes in deals.values():
        changes.sort(
            key=lambda row: (
                row["change_time"],
                KEYS.index(row["changed_field_key"]),
                row["new_value"] or "",
            )
        )
        created = [row["change_time"] for row in changes if row["changed_field_key"] == "add_time"]
        if len(created) == 1:
            found += _single_life(changes)
        else:
            found["deal_ids_used_twice"] += 1
            found["deal_ids_used_twice_interleaving"] += _goes_on(changes)
    return found


def _goes_on(changes: list[Row]) -> bool:
    """Whether the first life isn't lost when the second begins."""
    second = max(row["change_time"] for row in changes if row["changed_field_key"] == "add_time")
    losses = [row["change_time"] for row in changes if row["changed_field_key"] == "lost_reason"]
    return not losses or min(losses) > second


def _single_life(changes: list[Row]) -> Counter[str]:
    found: Counter[str] = Counter()
    seen: list[int] = []
    lost = False
    for row in changes:
        key, value = row["changed_field_key"], row["new_value"]
        if key == "stage_id":
            stage = int(value)
            found["starts_after_stage_1"] += not seen and stage > 1
            found["skipping_moves"] += bool(seen) and stage - seen[-1] > 1
            found["re_entries"] += stage in seen
            found["reopened_by_stage_entry"] += lost
            seen.append(stage)
            lost = False
        elif key == "lost_reason":
            found["relabelled_losses"] += lost and value is not None
            found["losses"] += not lost and value is not None
            found["reopened_by_clearing"] += lost and value is None
            lost = value is not None
    owners = sum(row["changed_field_key"] == "user_id" for row in changes)
    found["open_at_the_end"] += bool(seen) and not lost
    found["several_owners"] += owners > 1
    found["without_owner"] += owners == 0
    return found + _ties(changes) + _conversion(changes)


def _ties(changes: list[Row]) -> Counter[str]:
    instants: dict[datetime, list[str]] = defaultdict(list)
    for row in changes:
        instants[row["change_time"]].append(row["changed_field_key"])
    return Counter(
        creation_ties=sum(keys == KEYS[:3] for keys in instants.values()),
        stage_ties=sum(keys.count("stage_id") == 2 for keys in instants.values()),
        loss_ties=sum({"stage_id", "lost_reason"} <= set(keys) for keys in instants.values()),
    )


def _conversion(changes: list[Row]) -> Counter[str]:
    entered = [
        (row["change_time"], row["new_value"])
        for row in changes
        if row["changed_field_key"] == "stage_id"
    ]
    first = next((moment for moment, stage in entered if stage == "1"), None)
    second = next((moment for moment, stage in entered if stage == "2"), None)
    if first is None or second is None:
        return Counter()
    return Counter(
        conversions_after_exactly_30_days=int(second - first == timedelta(days=30)),
        conversions_a_second_after_30_days=int(second - first == timedelta(days=30, seconds=1)),
        conversions_after_exactly_90_days=int(second - first == timedelta(days=90)),
    )


def _activities(raw: Raw) -> dict[str, int]:
    rows = distinct_rows(raw["activity"])
    created: dict[int, list[datetime]] = defaultdict(list)
    for row in distinct_rows(raw["deal_changes"]):
        if row["changed_field_key"] == "add_time":
            created[row["deal_id"]].append(row["change_time"])
    inactive = {row["type"] for row in raw["activity_types"] if row["active"] == "No"}
    of_deals = [row for row in rows if row["deal_id"] is not None]
    known = [(row["due_to"], sorted(created[row["deal_id"]])) for row in of_deals]
    ids = Counter(row["activity_id"] for row in rows)
    late = [row for row in rows if row["due_to"] > LAST_MOMENT]
    assert not any(row["done"] for row in late)
    return {
        "activities": len(rows),
        "completed_activities": sum(row["done"] for row in rows),
        "planned_activities": len(late),
        "overdue_activities": sum(not row["done"] for row in rows) - len(late),
        "activities_of_an_inactive_type": sum(row["type"] in inactive for row in rows),
        "activities_without_deal": len(rows) - len(of_deals),
        "activities_of_unchanged_deals": sum(not times for _, times in known),
        "activities_without_assignee": sum(row["assigned_to_user"] is None for row in rows),
        "activities_before_the_deal": sum(bool(times) and due < times[0] for due, times in known),
        "activities_at_the_second_add_time": sum(times[1:] == [due] for due, times in known),
        "activity_ids_used_twice": sum(count == 2 for count in ids.values()),
        "activities_at_month_start": sum(at_month_start(row["due_to"]) for row in rows),
        "activities_at_month_end": sum(at_month_end(row["due_to"]) for row in rows),
        "activities_on_leap_day": sum(row["due_to"].date() == LEAP_DAY for row in rows),
        "duplicate_activities": len(raw["activity"]) - len(rows),
    }


def _names(raw: Raw) -> dict[str, int]:
    names = [row["name"] for row in raw["users"]]
    plain = set("abcdefghijklmnopqrstuvwxyz ")
    (options,) = (
        row["field_value_options"] for row in raw["fields"] if row["field_key"] == "stage_id"
    )
    labels = {option["id"]: option["label"] for option in json.loads(options)}
    return {
        "users_sharing_a_name": sum(names.count(name) > 1 for name in names),
        "users_with_unusual_names": sum(not set(name.lower()) <= plain for name in names),
        "stages_spelt_differently": sum(
            labels[str(row["stage_id"])] != row["stage_name"] for row in raw["stages"]
        ),
    }
