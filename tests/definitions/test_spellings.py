"""Salesforce tables that other tools land: API names, text for everything, odd values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from definitions.test_incremental import ENGINES
from definitions.warehouses import BuiltProject, copy_definitions, postgres_variables

if TYPE_CHECKING:
    from pathlib import Path

RAW = "raw_salesforce"
# What reads raw tables, and what reads that; the rest reads marts, whatever they are made of.
MARTS = ("--exclude", "path:models/exports", "path:models/reports", "path:models/compatibility")
BUILD = ("build", "--vars", "{source_dt: '2024-12-31'}", *MARTS)
NOBODY = "000000000000000AAA"
# As exports and connectors write them: every column text, in Salesforce's own spelling.
TABLES = {
    "account": {
        "Id": ["001A", "001B"],
        "IsDeleted": ["0", "false"],
        "MasterRecordId": [NOBODY, ""],
        "ParentId": [NOBODY, "001A"],
        "Name": ["Acme", "Acme Labs"],
        "AnnualRevenue": ["25000000", ""],
        "OwnerId": ["005A", "005A"],
        "CreatedDate": ["2023-01-01 00:00:00", "2023-01-01 00:00:00"],
        "LastModifiedDate": ["2023-01-01 00:00:00", "2023-01-01 00:00:00"],
    },
    "user": {
        "Id": ["005A"],
        "FirstName": ["Ana"],
        "LastName": ["d'Été"],
        "IsActive": ["1"],
        "CreatedDate": ["2023-01-01 00:00:00"],
        "LastModifiedDate": ["2023-01-01 00:00:00"],
    },
    "user_role": {"Id": ["00EA"], "Name": ["EMEA"]},
    "opportunity": {
        "Id": ["006A", "006B", "006C"],
        "IsDeleted": ["0", "0", "1"],
        "Name": ["Won", "Open", "Deleted"],
        "AccountId": ["001A", NOBODY, "001A"],
        "OwnerId": ["005A", "005A", "005A"],
        "StageName": ["Closed Won", "Prospecting", "Prospecting"],
        "Amount": ["1500.50", "", "7"],
        "Probability": ["100", "10", "10"],
        "CloseDate": ["2024-03-01 00:00:00", "2024-12-01", "2024-12-01"],
        "IsClosed": ["true", "0", "0"],
        "IsWon": ["1", "false", "0"],
        "CreatedDate": ["2024-01-01T10:00:00.000Z", "2024-02-01 00:00:00", "2024-02-01 00:00:00"],
        "LastModifiedDate": [
            "2024-01-01T10:00:00.000+0000",
            "2024-02-01 00:00:00",
            "2024-02-01 00:00:00",
        ],
        "Loss_Reason__c": ["", "", ""],
    },
    "opportunity_history": {
        "Id": ["008A"],
        "OpportunityId": ["006A"],
        "StageName": ["Closed Won"],
        "Amount": ["1500.50"],
        "Probability": ["100"],
        "CloseDate": ["2024-03-01 00:00:00"],
        "CreatedDate": ["2024-01-01T10:00:00.000Z"],
    },
}


def _statements() -> list[str]:
    statements = [f"create schema {RAW}"]
    for table, columns in TABLES.items():
        names = ", ".join(f'"{name}"' for name in columns)
        types = ", ".join(f'"{name}" text' for name in columns)
        statements.append(f'create table {RAW}."{table}" ({types})')
        for row in zip(*columns.values(), strict=True):
            values = ", ".join("'" + value.replace("'", "''") + "'" for value in row)
            statements.append(f'insert into {RAW}."{table}" ({names}) values ({values})')
    return statements


def _landed(engine: str, server: dict[str, Any], directory: Path) -> BuiltProject:
    """Give a project whose Salesforce tables another tool has landed."""
    project = BuiltProject(copy_definitions(directory / "project"), postgres_variables(server))
    with ENGINES[engine][2](project) as execute:
        for statement in _statements():
            execute(statement)
    return project


@pytest.mark.parametrize("engine", ENGINES)
def test_api_names_and_text_are_read(
    engine: str, postgres_server: dict[str, Any], tmp_path: Path
) -> None:
    target, prefix, connected = ENGINES[engine]
    project = _landed(engine, postgres_server, tmp_path)
    project.run("dbt", *BUILD, "--target", target)
    with connected(project) as execute:
        opportunities = execute(
            "select opportunity_id, account_id, owner_id, stage_name, amount, probability, is_won,"
            f" cast(close_date as date), created_at from {prefix}marts.fct_opportunities"
            " order by opportunity_id"
        )
        accounts = execute(
            "select account_id, parent_account_id, segment"
            f" from {prefix}marts.dim_accounts order by account_id"
        )
    assert opportunities == [
        (
            "salesforce:006A",
            "salesforce:001A",
            "salesforce:005A",
            "Closed Won",
            Decimal("1500.50"),
            Decimal(1),
            True,
            date(2024, 3, 1),
            datetime(2024, 1, 1, 10),
        ),
        (
            "salesforce:006B",
            None,
            "salesforce:005A",
            "Prospecting",
            None,
            Decimal("0.1"),
            False,
            date(2024, 12, 1),
            datetime(2024, 2, 1),
        ),
    ]
    assert accounts == [
        ("salesforce:001A", None, "Enterprise"),
        ("salesforce:001B", "salesforce:001A", None),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_currency_without_a_rate_stops_the_build_by_name(
    engine: str, postgres_server: dict[str, Any], tmp_path: Path
) -> None:
    target, _, connected = ENGINES[engine]
    project = _landed(engine, postgres_server, tmp_path)
    with connected(project) as execute:
        execute(f'alter table {RAW}.opportunity add column "CurrencyIsoCode" text')
        execute(f"update {RAW}.opportunity set \"CurrencyIsoCode\" = 'CHF'")
    with pytest.raises(AssertionError, match="no rate for the currency CHF"):
        project.run("dbt", *BUILD, "--target", target)
