"""What is said of raw tables that other tools landed, for any source."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import duckdb
import pytest

from load.library import LIBRARY, SCHEMA, duckdb_target
from metrics_store.errors import MetricsStoreError
from metrics_store.load.landed.source_check import SourceFinding, check_source
from metrics_store.load.landed.source_report import finding_lines
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from pathlib import Path

BOOK_COLUMNS = (
    '"Id" bigint, "Title" text, "Price" double, "Pages" bigint, "Lent" boolean, '
    '"AddedAt" timestamptz, "Printed" date, "Tags" json, "Rating" text, "Genre" text'
)
AIRBYTE = f"""
create schema {SCHEMA};
create table {SCHEMA}."Book" ({BOOK_COLUMNS}, "Shelf" text, _airbyte_raw_id text,
    _airbyte_extracted_at timestamptz);
insert into {SCHEMA}."Book" values
    (1, 'Sea', 12.5, 320, true, '2024-07-24 06:47:10+02', null, null, '4', 'novel', 'A1', 'x',
        '2024-08-01 02:30:00+02'),
    (2, 'Sky', 7, 20, false, '2024-07-24 06:47:10Z', null, null, '4', 'novel', 'A1', 'y', null);
create table {SCHEMA}.loanEvent ("bookId" bigint, field text, "newValue" text);
insert into {SCHEMA}.loanEvent values (1, 'due', '2024-08-01');
create table {SCHEMA}.readers (id bigint);
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(AIRBYTE)
    return tmp_path


def _found(directory: Path, *statements: str) -> SourceFinding:
    with duckdb.connect(str(directory / "warehouse.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    with closing(find_live_warehouse(duckdb_target(directory)).executor()) as executor:
        return check_source(LIBRARY, executor)


def _lines(found: SourceFinding) -> list[str]:
    return [line.strip() for table in found.tables for line in finding_lines(table)]


def test_what_is_there_is_told_as_it_is_spelled(shelf: Path) -> None:
    found = _found(shelf)
    assert found.problems == ()
    assert _lines(found) == [
        f"book: {SCHEMA}.Book, 2 rows, landed by Airbyte",
        "newest: 2024-08-01 00:30 UTC (_airbyte_extracted_at)",
        "found: Id, Title, Price, Pages, Lent, AddedAt, Printed, Tags, Rating, Genre",
        "unknown, pass by: Shelf",
        "not there, and not needed: note",
        f"loan_event: {SCHEMA}.loanEvent, 1 row",
        "found: bookId, field, newValue",
        "branch: not found (may be missing)",
        f"the schema {SCHEMA} has readers",
    ]


def test_what_is_compulsory_is_what_a_load_asks_for(shelf: Path) -> None:
    found = _found(
        shelf,
        f'alter table {SCHEMA}."Book" drop column "Price"',
        f"drop table {SCHEMA}.loanEvent",
    )
    assert found.problems == (
        f"{SCHEMA}.Book has no column Price: price is compulsory",
        f"there is no {SCHEMA}.loan_event",
    )


def test_rows_that_break_the_contract_are_counted(shelf: Path) -> None:
    """A connector that appends leaves several rows a record."""
    found = _found(
        shelf,
        f'insert into {SCHEMA}."Book" ("Id", "Title", "Lent") values (2, \'\', true)',
        f'alter table {SCHEMA}."Book" add column price__v_text text',
        f"delete from {SCHEMA}.loanEvent",
    )
    assert found.problems == (
        (
            f"{SCHEMA}.Book, column Id: a value that has to be unique stands again in 1 row; "
            "have the connector keep one row a record"
        ),
        f"{SCHEMA}.Book, column Title: empty in 1 row",
        f"{SCHEMA}.Book, column AddedAt: empty in 1 row",
        f"{SCHEMA}.Book, column price__v_text: values of price that did not fit its type",
        f"{SCHEMA}.loanEvent has no rows",
    )


def test_former_versions_and_what_is_gone_are_no_trouble(shelf: Path) -> None:
    found = _found(
        shelf,
        f'alter table {SCHEMA}."Book" add column _fivetran_active boolean',
        f'alter table {SCHEMA}."Book" add column _fivetran_deleted text',
        f'alter table {SCHEMA}."Book" add column _fivetran_synced text',
        f"update {SCHEMA}.\"Book\" set _fivetran_synced = '2024-09-01 10:00:00+00:00', "
        "_fivetran_deleted = case when \"Id\" = 2 then 'TRUE' end",
        f'insert into {SCHEMA}."Book" ("Id", _fivetran_active) values (2, false)',
    )
    assert found.problems == ()
    assert _lines(found)[:4] == [
        f"book: {SCHEMA}.Book, 2 rows, landed by Fivetran",
        "newest: 2024-09-01 10:00 UTC (_fivetran_synced)",
        "former versions, left out: 1 row",
        "gone in the source: 1 row",
    ]


def test_loads_of_dlt_are_numbered_by_seconds(shelf: Path) -> None:
    found = _found(
        shelf,
        f'alter table {SCHEMA}."Book" drop column _airbyte_extracted_at',
        f"alter table {SCHEMA}.\"Book\" add column _dlt_load_id text default '1722470400.25'",
        f"create table {SCHEMA}._dlt_loads (load_id text)",
    )
    assert _lines(found)[1] == "newest: 2024-08-01 00:00 UTC (_dlt_load_id)"
    assert f"the schema {SCHEMA} has readers" in _lines(found)


def test_of_two_tables_of_one_name_none_is_guessed(shelf: Path) -> None:
    with pytest.raises(MetricsStoreError, match="several tables could be loan_event") as raised:
        _found(shelf, f"create table {SCHEMA}.loan__event (id bigint)")
    assert f"{SCHEMA}.loanEvent" in raised.value.where
    found = _found(shelf, f"create table {SCHEMA}.loan_event (book_id bigint)")
    assert found.tables[1].landed is not None
    assert found.tables[1].landed.name == "loan_event"
