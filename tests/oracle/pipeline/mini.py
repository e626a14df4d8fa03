"""Small hand-written Salesforce histories for the oracle's own tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from oracle.pipeline.oracle import PipelineOracle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oracle.reading import Raw, Row

ANA, BEN = "005000000000001AAA", "005000000000002AAA"
ROLE = "00E000000000001AAA"
CLOSED = {"Closed Won": (True, True), "Closed Lost": (True, False)}


def opportunity(opportunity_id: str, created: str, **columns: object) -> Row:
    """An opportunity as it stands today: 100 in Qualification at 10 %, due 2024-06-30, Ana's."""
    stage = str(columns.get("stage_name", "Qualification"))
    closed, won = CLOSED.get(stage, (False, False))
    return {
        "id": opportunity_id,
        "is_deleted": False,
        "account_id": "001A",
        "owner_id": ANA,
        "name": f"Deal {opportunity_id}",
        "stage_name": stage,
        "amount": "100",
        "probability": {"Closed Won": "100", "Closed Lost": "0"}.get(stage, "10"),
        "close_date": "2024-06-30",
        "type": "New Customer",
        "lead_source": "",
        "is_closed": closed,
        "is_won": won,
        "forecast_category": "Pipeline",
        "created_date": created,
        "last_modified_date": created,
        **columns,
    }


def change(opportunity_id: str, time: str, change_id: str = "", **columns: object) -> Row:
    """A history row: the state after the change, with the same defaults."""
    given = opportunity(opportunity_id, time, **columns)
    kept = ("stage_name", "amount", "probability", "close_date", "forecast_category")
    return {
        "id": change_id or f"008{time}",
        "opportunity_id": opportunity_id,
        "created_date": time,
        **{column: given[column] for column in (*kept, *columns)},
    }


def owner_change(opportunity_id: str, time: str, old: str, new: str) -> Row:
    """A row of the field history, by user ids."""
    return {
        "id": f"017{time}",
        "opportunity_id": opportunity_id,
        "field": "Owner",
        "old_value": old,
        "new_value": new,
        "created_date": time,
    }


def account(account_id: str = "001A", **columns: object) -> Row:
    """An account in Energy, without revenue."""
    return {"id": account_id, "name": account_id, "industry": "Energy", **columns}


def with_history(opportunity_id: str, *states: tuple[str, Mapping[str, Any]]) -> list[list[Row]]:
    """An opportunity created in the first state, today in the last, and its history rows."""
    created, last = states[0][0], states[-1][1]
    today = opportunity(opportunity_id, created, **last, last_modified_date=states[-1][0])
    return [[today], [change(opportunity_id, time, **columns) for time, columns in states]]


def raw_of(
    opportunities: list[Row],
    history: list[Row] | None = None,
    field_history: list[Row] | None = None,
    accounts: list[Row] | None = None,
) -> Raw:
    """The raw tables, with users Ana (team East, managed by Ben) and Ben."""
    return {
        "account": accounts or [account()],
        "user": [
            {
                "id": ANA,
                "first_name": "Ana",
                "last_name": "Li",
                "user_role_id": ROLE,
                "manager_id": BEN,
            },
            {
                "id": BEN,
                "name": "Ben",
                "last_name": "",
                "user_role_id": "000000000000000AAA",
                "manager_id": "",
            },
        ],
        "user_role": [{"id": ROLE, "name": "East"}],
        "opportunity": opportunities,
        "opportunity_history": history or [],
        "opportunity_field_history": field_history or [],
    }


def oracle_of(
    *deals: list[list[Row]],
    source_dt: date = date(2024, 12, 31),
    field_history: list[Row] | None = None,
    **settings: object,
) -> PipelineOracle:
    """An oracle over the deals of `with_history`."""
    today = [row for rows, _ in deals for row in rows]
    history = [row for _, rows in deals for row in rows]
    return PipelineOracle(raw_of(today, history, field_history), source_dt, **settings)  # type: ignore[arg-type]
