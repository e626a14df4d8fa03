"""Counts from the raw Salesforce rows what the truth file says was planted, by other code."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from demo.recount import LEAP_DAY, at_month_end, at_month_start

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.reading import Raw, Row

TABLES = (
    *("account", "user", "user_role"),
    *("opportunity", "opportunity_history", "opportunity_field_history"),
)
ZEROS = "000000000000000AAA"
DEFAULTS = {
    "Prospecting": 10,
    "Qualification": 10,
    "Needs Analysis": 20,
    "Value Proposition": 50,
    "Id. Decision Makers": 60,
    "Perception Analysis": 70,
    "Proposal/Price Quote": 75,
    "Negotiation/Review": 90,
    "Closed Won": 100,
    "Closed Lost": 0,
}
TODAY = date(2024, 12, 31)
STATE = ("stage_name", "amount", "probability", "close_date")


def read_salesforce(directory: Path) -> Raw:
    import pyarrow.parquet as pq  # noqa: PLC0415

    return {table: pq.read_table(directory / f"{table}.parquet").to_pylist() for table in TABLES}


def recount_salesforce(raw: Raw) -> Counter[str]:
    """Give every count of the truth file anew."""
    live = {row["id"]: row for row in raw["opportunity"] if not row["is_deleted"]}
    return (
        _accounts(raw, live)
        + _people(raw, live)
        + _ends(live)
        + _histories(raw, live)
        + _owners(raw, live)
    )


def _accounts(raw: Raw, live: dict[str, Row]) -> Counter[str]:
    rows = {row["id"]: row for row in raw["account"]}
    here = [row for row in rows.values() if not row["is_deleted"]]
    gone = {row["id"] for row in rows.values() if row["is_deleted"]}
    merged = {row["id"] for row in rows.values() if row["master_record_id"]}
    assert merged <= gone
    revenues = [row["annual_revenue"] for row in here if row["annual_revenue"] is not None]
    pointed_at = Counter(row["account_id"] for row in live.values())
    return Counter(
        accounts=len(here),
        accounts_merged=len(merged),
        accounts_merged_into_a_merged_one=sum(
            rows[account]["master_record_id"] in merged for account in merged
        ),
        merged_accounts_without_opportunities=len(
            merged - {row["account_id"] for row in raw["opportunity"]}
        ),
        accounts_deleted=len(gone - merged),
        accounts_with_parent=sum(row["parent_id"] in rows for row in here),
        accounts_with_zeros_for_parent=sum(row["parent_id"] == ZEROS for row in here),
        accounts_without_industry=sum(row["industry"] is None for row in here),
        accounts_without_revenue=len(here) - len(revenues),
        accounts_of_segment_enterprise=sum(revenue >= 10_000_000 for revenue in revenues),
        accounts_of_segment_mid_market=sum(
            1_000_000 <= revenue < 10_000_000 for revenue in revenues
        ),
        accounts_of_segment_smb=sum(revenue < 1_000_000 for revenue in revenues),
        accounts_at_a_segment_edge=sum(revenue in (10**6, 10**7) for revenue in revenues),
        without_account=pointed_at[None],
        with_zeros_for_account=pointed_at[ZEROS],
        of_merged_accounts=sum(pointed_at[account] for account in merged),
        of_deleted_accounts=sum(pointed_at[account] for account in gone - merged),
    )


def _people(raw: Raw, live: dict[str, Row]) -> Counter[str]:
    owners = [row for row in raw["user"] if row["title"] == "Account Executive"]
    left = {row["id"] for row in owners if not row["is_active"]}
    names = Counter(row["name"] for row in owners)
    return Counter(
        users=len(raw["user"]),
        owners=len(owners),
        owners_who_left=len(left),
        owners_sharing_a_name=sum(names[row["name"]] > 1 for row in owners),
        users_with_zeros_for_manager=sum(row["manager_id"] == ZEROS for row in raw["user"]),
        roles_with_zeros_for_parent=sum(row["parent_role_id"] == ZEROS for row in raw["user_role"]),
        open_with_owners_who_left=sum(
            row["owner_id"] in left and not row["is_closed"] for row in live.values()
        ),
    )


def _ends(live: dict[str, Row]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in live.values():
        is_open, is_won, stage = not row["is_closed"], row["is_won"], row["stage_name"]
        assert not (is_open and is_won)
        due, created = row["close_date"], row["created_date"].date()
        side = "open" if is_open else "closed"
        unusual = row["probability"] not in (None, DEFAULTS.get(stage, row["probability"]))
        found["opportunities"] += 1
        found["open" if is_open else "won" if is_won else "lost"] += 1
        found[f"opportunities_in_{row['currency_iso_code'].lower()}"] += 1
        found["open_and_overdue"] += is_open and due < TODAY
        found["open_without_probability"] += is_open and row["probability"] is None
        found[f"{side}_with_another_probability_than_the_stages"] += unusual
        found[f"in_an_unknown_{side}_stage"] += stage not in DEFAULTS
        found["without_amount"] += row["amount"] is None
        found["with_amount_zero"] += row["amount"] == 0
        found["close_date_before_creation"] += due < created
        found["won_before_creation"] += is_won and due < created
        found["close_date_on_leap_day"] += due == LEAP_DAY
        found["created_on_leap_day"] += created == LEAP_DAY
    return found


def _histories(raw: Raw, live: dict[str, Row]) -> Counter[str]:
    found: Counter[str] = Counter()
    every = {row["id"]: row for row in raw["opportunity"]}
    reported: dict[str, list[Row]] = defaultdict(list)
    orphans = Counter(
        row["opportunity_id"]
        for row in raw["opportunity_history"]
        if row["opportunity_id"] not in every
    )
    found["deleted_opportunities"] = len(every) - len(live)
    found["histories_without_opportunity"] = len(orphans)
    found["history_rows_without_opportunity"] = orphans.total()
    for row in raw["opportunity_history"]:
        its_id = row["opportunity_id"]
        if its_id in live and row["is_deleted"]:
            found["deleted_history_rows"] += 1
        elif its_id in live:
            reported[its_id].append(row)
            found.update(_moment(row["created_date"]))
        elif its_id in every:
            found["history_rows_of_deleted_opportunities"] += 1
    for its_id, opportunity in live.items():
        found.update(_history(opportunity, reported[its_id]))
    return found


def _moment(moment: datetime) -> Counter[str]:
    starts, ends = at_month_start(moment), at_month_end(moment)
    return Counter(
        history_rows=1,
        history_at_month_start=int(starts),
        history_at_month_end=int(ends),
        history_at_quarter_start=int(starts and moment.month in (1, 4, 7, 10)),
        history_at_quarter_end=int(ends and moment.month in (3, 6, 9, 12)),
        history_on_leap_day=int(moment.date() == LEAP_DAY),
    )


def is_open(state: Row) -> bool:
    return not state["stage_name"].startswith("Closed")


def _history(opportunity: Row, rows: list[Row]) -> Counter[str]:
    found: Counter[str] = Counter()
    if not rows:
        found["without_history"] += 1
        return found
    rows.sort(key=lambda row: (row["created_date"], row["id"].encode()))
    seconds = [list(same) for _, same in groupby(rows, key=lambda row: row["created_date"])]
    created, first = opportunity["created_date"], seconds[0]
    assert created <= first[0]["created_date"]
    assert rows[-1]["created_date"] <= opportunity["last_modified_date"]
    if first[0]["created_date"] == created:
        closed = not is_open(first[-1])
        found["creation_ties"] += len(first) > 1
        found["closed_in_the_creating_second"] += closed
        found["opened_and_closed_in_the_creating_second"] += closed and any(map(is_open, first))
    else:
        found["history_starts_late"] += 1
        assert len(first) == 1
    found["ties_that_only_bytes_decide"] += sum(
        second[-1]["id"].lower() < max(row["id"].lower() for row in second) for second in seconds
    )
    found["later_ties"] += sum(len(second) > 1 for second in seconds[1:])
    found["later_ties_without_change"] += sum(
        len(second) > 1 and same(previous[-1], second[-1]) for previous, second in pairwise(seconds)
    )
    states = [second[-1] for second in seconds]
    if not same(states[-1], opportunity):
        found["row_differs_from_history"] += 1
        assert rows[-1]["created_date"] < opportunity["last_modified_date"]
        states.append(opportunity)
    for before, after in pairwise(states):
        found.update(_change(before, after))
    return found


def same(one: Row, other: Row) -> bool:
    return all(one[column] == other[column] for column in STATE)


def quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _change(before: Row, after: Row) -> Counter[str]:
    found: Counter[str] = Counter()
    stages = before["stage_name"], after["stage_name"]
    old, new = before["close_date"], after["close_date"]
    found["stage_changes"] += stages[0] != stages[1]
    found["won_to_lost"] += stages == ("Closed Won", "Closed Lost")
    found["lost_to_won"] += stages == ("Closed Lost", "Closed Won")
    if is_open(before) and not is_open(after):
        found["closings"] += 1
        found["closings_with_a_later_close_date"] += new > old
        found["closings_with_an_earlier_close_date"] += new < old
        found["closings_with_another_amount"] += before["amount"] != after["amount"]
    elif is_open(after) and not is_open(before):
        found["reopened_from_won"] += stages[0] == "Closed Won"
        found["reopened_from_lost"] += stages[0] == "Closed Lost"
    elif is_open(before):
        found.update(_open_change(before, after))
        if new > old:
            found["pushes"] += 1
            found["days_pushed"] += (new - old).days
            found["pushes_across_quarters"] += quarter(new) > quarter(old)
            edges = quarter(new - timedelta(days=1)), quarter(new + timedelta(days=1))
            found["pushes_to_a_quarters_first_day"] += edges[0] != quarter(new)
            found["pushes_to_a_quarters_last_day"] += edges[1] != quarter(new)
        found["pull_ins"] += new < old
        found["pull_ins_across_quarters"] += quarter(new) < quarter(old)
    return found


def _open_change(before: Row, after: Row) -> Counter[str]:
    old, new = before["amount"], after["amount"]
    known = old is not None and new is not None
    return Counter(
        amounts_filled_later=int(old is None and new is not None),
        amount_increases=int(known and new > old),
        amount_decreases=int(known and new < old),
        probability_changes=int(
            before["stage_name"] == after["stage_name"]
            and before["probability"] != after["probability"]
        ),
    )


def _owners(raw: Raw, live: dict[str, Row]) -> Counter[str]:
    found: Counter[str] = Counter()
    seconds: dict[str, dict[datetime, Row]] = defaultdict(dict)
    for row in sorted(raw["opportunity_history"], key=lambda row: row["id"].encode()):
        if not row["is_deleted"]:
            seconds[row["opportunity_id"]][row["created_date"]] = row
    changes: dict[str, list[Row]] = defaultdict(list)
    for row in raw["opportunity_field_history"]:
        if row["opportunity_id"] not in live:
            continue
        if row["field"] != "Owner":
            found["changes_of_other_fields"] += 1
        elif row["is_deleted"]:
            found["deleted_owner_changes"] += 1
        else:
            found["owner_changes"] += 1
            changes[row["opportunity_id"]].append(row)
    found["with_several_owners"] = len(changes)
    for its_id, rows in changes.items():
        rows.sort(key=lambda row: (row["created_date"], row["id"].encode()))
        for before, after in pairwise(rows):
            assert before["new_value"] == after["old_value"]
        assert rows[-1]["new_value"] == live[its_id]["owner_id"]
        moments = Counter(row["created_date"] for row in rows)
        found["owner_changes_twice_in_a_second"] += sum(count == 2 for count in moments.values())
        stages = [(at, row["stage_name"]) for at, row in sorted(seconds[its_id].items())]
        moved = {later[0] for one, later in pairwise(stages) if one[1] != later[1]}
        found["owner_changes_with_a_stage_change"] += sum(
            row["created_date"] in moved for row in rows
        )
    return found
