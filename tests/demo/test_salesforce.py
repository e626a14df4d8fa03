"""Salesforce's demo tables: sound ids, references and moments, the same chunk by chunk."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from demo.conftest import SEED, ignore
from demo.recount_salesforce import ZEROS
from metrics_store.demo.demo_data import generate
from metrics_store.demo.salesforce import salesforce_ids, salesforce_source
from metrics_store.demo.salesforce.salesforce_schemas import SCHEMAS
from metrics_store.demo.salesforce.salesforce_users import Team
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

    from oracle.reading import Raw

FIRST_MOMENT = datetime(2022, 1, 1)
LAST_MOMENT = datetime(2024, 12, 31, 23, 59, 59)
KINDS = {
    "account": "001",
    "user": "005",
    "user_role": "00E",
    "opportunity": "006",
    "opportunity_history": "008",
    "opportunity_field_history": "017",
}


@pytest.mark.parametrize(
    ("block", "letter"),
    # The first sign counts 1 if it is a capital, the second 2, and so on; A is 0 and 5 is 31.
    [
        ("00000", "A"),
        ("zz9zz", "A"),
        ("Aaaaa", "B"),
        ("aBaaa", "C"),
        ("aaaaZ", "Q"),
        ("QQQQQ", "5"),
    ],
)
def test_check_letters_tell_which_signs_are_capitals(block: str, letter: str) -> None:
    assert salesforce_ids._check(block) == letter
    assert salesforce_ids.salesforce_id("006", 0) == "006Dm0000000000IAA"


def test_ids_count_up_by_bytes() -> None:
    numbers = [0, 1, 9, 10, 35, 36, 61, 62, 3843, 3844, 62**5 - 1, 62**5, 10**9 * 2]
    made = [salesforce_ids.salesforce_id("008", number) for number in numbers]
    assert made == sorted(made, key=str.encode)
    assert {len(each) for each in made} == {18}


def test_ids_are_unique_and_of_their_kind(salesforce: Raw) -> None:
    for table, rows in salesforce.items():
        found = [row["id"] for row in rows]
        assert len(set(found)) == len(found), table
        assert {each[:3] for each in found} == {KINDS[table]}


def test_references_find_their_rows(salesforce: Raw) -> None:
    known = {row["id"] for rows in salesforce.values() for row in rows} | {None, ZEROS}
    for table, columns in (
        ("account", ("master_record_id", "parent_id", "owner_id")),
        ("user", ("user_role_id", "manager_id")),
        ("user_role", ("parent_role_id",)),
        ("opportunity", ("account_id", "owner_id", "created_by_id")),
        ("opportunity_history", ("created_by_id",)),
    ):
        for column in columns:
            assert {row[column] for row in salesforce[table]} <= known, (table, column)


def test_managers_and_roles_are_trees(salesforce: Raw) -> None:
    for table, column in (("user", "manager_id"), ("user_role", "parent_role_id")):
        above = {row["id"]: row[column] for row in salesforce[table]}
        for each in above:
            way = [each]
            while above.get(way[-1]) is not None:
                way.append(above[way[-1]])
                assert len(way) <= 5
    leads = Counter(row["manager_id"] for row in salesforce["user"])
    assert len(leads) > 10


def test_nothing_happens_outside_the_three_years(salesforce: Raw) -> None:
    for table in ("opportunity", "opportunity_history", "opportunity_field_history"):
        moments = [row["created_date"] for row in salesforce[table]]
        moments += [row["last_modified_date"] for row in salesforce[table] if "name" in row]
        assert min(moments) >= FIRST_MOMENT
        assert max(moments) <= LAST_MOMENT


def test_what_is_closed_closed_by_the_last_day(salesforce: Raw) -> None:
    closed = [row["close_date"] for row in salesforce["opportunity"] if row["is_closed"]]
    assert max(closed) <= LAST_MOMENT.date()


def test_opportunities_come_after_their_accounts(salesforce: Raw) -> None:
    created = {row["id"]: row["created_date"] for row in salesforce["account"]}
    merged = {row["master_record_id"] for row in salesforce["account"]}
    for row in salesforce["opportunity"]:
        account = row["account_id"]
        # What was re-pointed in a merge may be older than where it points now.
        if account in created and account not in merged:
            assert created[account] <= row["created_date"]


def test_rows_are_in_no_order(salesforce: Raw) -> None:
    for table in set(KINDS) - {"user", "user_role"}:
        found = [row["id"] for row in salesforce[table]]
        assert found != sorted(found)


def test_a_chunk_comes_out_the_same_without_the_ones_before_it(demo_data: Path) -> None:
    numbers = range(
        salesforce_source.OPPORTUNITIES_PER_CHUNK, salesforce_source.opportunity_count(1.0)
    )
    chunk = salesforce_source.make_chunk(numbers, Team(1.0, SEED), SEED)
    for table, rows in chunk.tables.items():
        whole = pq.read_table(demo_data / "salesforce" / f"{table}.parquet")
        # It is the last one.
        written = whole.slice(whole.num_rows - len(rows))
        assert written["id"].to_pylist() == [row[0] for row in rows]
        if "amount" in written.column_names:
            place = written.column_names.index("amount")
            cents = [row[place] for row in rows]
            assert [
                None if amount is None else int(amount * 100)
                for amount in written["amount"].to_pylist()
            ] == cents


def test_chunks_roll_their_own_dice() -> None:
    team = Team(2.0, SEED)

    def beginning(chunk: int) -> object:
        first = chunk * salesforce_source.OPPORTUNITIES_PER_CHUNK
        made = salesforce_source.make_chunk(range(first, first + 1), team, SEED)
        (row,) = made.tables["opportunity"]
        return row[SCHEMAS["opportunity"].get_field_index("created_date")]

    # Begun with the same dice, the first opportunities of all chunks would come at one moment.
    assert len({beginning(chunk) for chunk in range(3)}) == 3


@pytest.mark.parametrize("place", ["planning/quota.parquet", "salesforce/opportunity.parquet"])
def test_a_directory_where_a_file_must_go_is_a_clear_error(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    with pytest.raises(MetricsStoreError, match="can't be written"):
        generate(tmp_path, 0.01, SEED, ignore)
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize("place", ["salesforce", "planning"])
def test_a_file_where_the_directory_must_go_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / place).write_text("mine", encoding="utf-8")
    with pytest.raises(MetricsStoreError, match="not a directory"):
        generate(tmp_path, 0.01, SEED, ignore)
