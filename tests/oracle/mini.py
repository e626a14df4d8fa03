"""Small hand-written exports for the oracle's own tests."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

from oracle.oracle import Oracle

if TYPE_CHECKING:
    from oracle.reading import Raw, Row

STAGE_NAMES = (
    "Lead Generation",
    "QUALIFIED lead",
    "Needs Assessment",
    "Proposal/Quote Preparation",
    "Negotiation",
    "Closing",
    "Implementation/Onboarding",
    "Follow-up/Customer Success",
    "Renewal/Expansion",
)
REASONS = [{"id": "1", "label": "Price"}, {"id": "2", "label": "Unreachable"}]


def change(deal_id: int, time: str, key: str, value: object = None) -> Row:
    """One change; an `add_time` row's value is its own time."""
    value = time if key == "add_time" else value
    return {
        "deal_id": deal_id,
        "change_time": datetime.fromisoformat(time),
        "changed_field_key": key,
        "new_value": None if value is None else str(value),
    }


def activity(  # noqa: PLR0913 - one argument a column
    activity_id: int,
    due_to: str,
    activity_type: str,
    deal_id: int | None = None,
    user: int | None = None,
    *,
    done: bool = True,
) -> Row:
    """One activity, completed unless told otherwise."""
    return {
        "activity_id": activity_id,
        "type": activity_type,
        "assigned_to_user": user,
        "deal_id": deal_id,
        "done": done,
        "due_to": datetime.fromisoformat(due_to),
    }


def oracle_of(
    changes: list[Row],
    activities: list[Row] | None = None,
    source_dt: date = date(2024, 12, 31),
    fiscal_year_start_month: int = 1,
) -> Oracle:
    """An oracle over these rows, with nine stages, two reasons and users 7 and 8."""
    raw: Raw = {
        "activity": activities or [],
        "activity_types": [],
        "deal_changes": changes,
        "fields": [
            {"id": 1, "field_key": "add_time", "name": None, "field_value_options": None},
            {
                "id": 2,
                "field_key": "lost_reason",
                "name": None,
                "field_value_options": json.dumps(REASONS),
            },
        ],
        "stages": [
            {"stage_id": number, "stage_name": name} for number, name in enumerate(STAGE_NAMES, 1)
        ],
        "users": [
            {"id": number, "name": name, "email": None, "modified": None}
            for number, name in ((7, "Ana"), (8, "Ben"))
        ],
    }
    return Oracle(raw, source_dt, fiscal_year_start_month)
