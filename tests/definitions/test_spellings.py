"""Raw tables that other tools land: API names, text, odd values, old versions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from definitions.engines import ENGINES
from definitions.forked_dbt import ForkedDbt
from definitions.warehouses import BuiltProject, copy_definitions, postgres_variables

if TYPE_CHECKING:
    from collections.abc import Iterator

# Whoever runs one of these runs all: what they share is built but once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("spellings")]

RAW, PIPEDRIVE = "raw_salesforce", "raw_pipedrive"
# Far from UTC, where days and quarters would fall elsewhere.
ELSEWHERE = {"TZ": "America/New_York", "PGTZ": "America/New_York"}
NOBODY = "000000000000000AAA"
# As exports and connectors write them: nearly every column text, in Salesforce's own spelling.
TABLES = {
    "account": {
        "Id": ["001Hp000022Aaa1IAC", "001B"],
        "IsDeleted": ["0", "false"],
        "MasterRecordId": [NOBODY, ""],
        "ParentId": [NOBODY[:15], "001Hp000022Aaa1"],
        "Name": ["Acme", "Acme Labs"],
        "AnnualRevenue": ["25000000", ""],
        "OwnerId": ["005Hp000022Uuu1", "005Hp000022Uuu1IAC"],
        "CreatedDate": ["2023-01-01 00:00:00", "2023-01-01 00:00:00"],
        "LastModifiedDate": ["2023-01-01 00:00:00", "2023-01-01 00:00:00"],
    },
    "user": {
        "Id": ["005Hp000022Uuu1IAC", "005Hp000022Uuu2IAC"],
        "FirstName": ["Ana", "Ben"],
        "LastName": ["d'Été", "Oh"],
        "IsActive": ["1", "1"],
        "CreatedDate": ["2023-01-01 00:00:00", "2023-01-01 00:00:00"],
        "LastModifiedDate": ["2023-01-01 00:00:00", "2023-01-01 00:00:00"],
    },
    "user_role": {"Id": ["00EA"], "Name": ["EMEA"]},
    "opportunity": {
        "Id": ["006Hp000022Oo01", "006B", "006C", "006B", "006D"],
        # As in Fivetran's history mode: an earlier version of one record, and one that is gone.
        "_fivetran_active": ["true", "t", "1", "false", "0"],
        "_fivetran_start": ["", "2024-06-01T02:00:00+02:00", "", "2024-04-01 04:30:00", ""],
        "IsDeleted": ["0", "0", "1", "0", "0"],
        "Name": ["Won", "Open", "Deleted", "Open before", "Gone"],
        "AccountId": ["001Hp000022Aaa1", NOBODY, "001B", NOBODY, "001B"],
        "OwnerId": ["005Hp000022Uuu1"] * 5,
        "StageName": ["Closed Won", "Prospecting", "Prospecting", "Prospecting", "Prospecting"],
        "Amount": ["1500.50", "", "7", "210000", "90"],
        "Probability": ["100", "10", "10", "10", "10"],
        "CloseDate": ["2024-04-01 00:00:00+00", *["2024-12-01 00:00:00+00"] * 4],
        "IsClosed": ["true", "0", "0", "0", "0"],
        "IsWon": ["1", "false", "0", "0", "0"],
        "CreatedDate": [
            "2024-01-01T10:00:00.000Z",
            "2024-03-31T23:30:00-05:00",
            "2024-02-01 00:00:00",
            "2024-04-01 04:30:00",
            "2024-02-01 00:00:00",
        ],
        "LastModifiedDate": [
            "2024-01-01T10:00:00.000+0000",
            "2024-04-01 04:30:00 +00",
            *["2024-02-01 00:00:00"] * 3,
        ],
        "Loss_Reason__c": [""] * 5,
    },
    "opportunity_history": {
        "Id": ["008A"],
        "OpportunityId": ["006Hp000022Oo01IAC"],
        "StageName": ["Prospecting"],
        "Amount": ["1500.50"],
        "Probability": ["10"],
        "CloseDate": ["2024-03-01 00:00:00"],
        "CreatedDate": ["2023-12-31T23:00:00.000-1100"],
    },
    "opportunity_field_history": {
        "Id": ["017A"],
        "OpportunityId": ["006Hp000022Oo01"],
        "Field": ["Owner"],
        "OldValue": ["005Hp000022Uuu2"],
        "NewValue": ["005Hp000022Uuu1"],
        "CreatedDate": ["2024-02-01T00:00:00.000+0100"],
    },
}
# Ids as tools write them that take every number for a fraction.
PIPEDRIVE_TABLES = {
    "activity": {
        "activity_id": ["9.0"],
        "type": ["meeting"],
        "assigned_to_user": ["1.0"],
        "deal_id": ["7.0"],
        "done": ["1.0"],
        "due_to": ["2024-05-02T00:30:00+02:00"],
    },
    "activity_types": {
        "id": ["1"],
        "name": ["Sales Call 1"],
        "active": ["Yes"],
        "type": ["meeting"],
    },
    "deal_changes": {
        "deal_id": ["7", "7.0", "7.0", "8", "8"],
        "change_time": ["2024-05-01T08:00:03Z", *["2024-05-01 08:00:03"] * 4],
        "changed_field_key": ["add_time", "user_id", "stage_id", "add_time", "stage_id"],
        "new_value": ["2024-05-01T01:00:00+02:00", "1.0", "3.0", "2024-05-01T08:00:01z", "3"],
    },
    "fields": {
        "id": ["1", "2"],
        "field_key": ["lost_reason", "title"],
        "name": ["Lost reason", "Title"],
        "field_value_options": ['[{"id": 1, "label": "Price"}]', "null"],
    },
    "stages": {"stage_id": ["3"], "stage_name": ["Needs Assessment"]},
    "users": {
        "id": ["1"],
        "name": ["Pia"],
        "email": [""],
        "modified": ["2024-05-01 00:00:00UTC"],
    },
}
TYPES = {
    "opportunity.CloseDate": "timestamp with time zone",
    "activity.assigned_to_user": "double precision",
}

OF_ONE = "where opportunity_id = 'salesforce:006Hp000022Oo01IAC' order by valid_from"
# What the tests look at of what is built.
READ = {
    "opportunities": "select opportunity_id, account_id, owner_id, stage_name, amount, probability,"
    " is_won, cast(close_date as date), created_at from {prefix}marts.fct_opportunities"
    " where crm_source = 'salesforce' order by opportunity_id desc",
    "owners": "select owner_id, valid_from"
    f" from {{prefix}}intermediate.int_salesforce__opportunity_owners {OF_ONE}",
    "states": "select valid_from"
    f" from {{prefix}}intermediate.int_salesforce__opportunity_states {OF_ONE}",
    "versions": "select amount, valid_from, valid_to"
    " from {prefix}intermediate.int_salesforce__opportunity_states"
    " where opportunity_id = 'salesforce:006B' order by valid_from",
    "accounts": "select account_id, parent_account_id, segment"
    " from {prefix}marts.dim_accounts order by account_id desc",
    "deals": "select opportunity_id, owner_id, stage_name, created_at"
    " from {prefix}marts.fct_opportunities"
    " where crm_source = 'pipedrive' order by opportunity_id",
    "activities": "select activity_id, opportunity_id, owner_id, is_completed, due_at"
    " from {prefix}marts.fct_activities",
}


def _statements() -> list[str]:
    statements = []
    for schema, tables in ((RAW, TABLES), (PIPEDRIVE, PIPEDRIVE_TABLES)):
        statements.append(f"create schema {schema}")
        for table, columns in tables.items():
            names = ", ".join(f'"{name}"' for name in columns)
            types = ", ".join(
                f'"{name}" {TYPES.get(f"{table}.{name}", "text")}' for name in columns
            )
            statements.append(f'create table {schema}."{table}" ({types})')
            for row in zip(*columns.values(), strict=True):
                values = ", ".join("'" + value.replace("'", "''") + "'" for value in row)
                statements.append(f'insert into {schema}."{table}" ({names}) values ({values})')
    return statements


class Landed:
    """A project whose raw tables another tool has landed, in sessions far from UTC."""

    # What the build printed, and what it made: read at once, because some tests build again.
    printed: str
    made: dict[str, list[tuple[Any, ...]]]

    def __init__(self, project: BuiltProject, engine: str, dbt: ForkedDbt) -> None:
        self._project, self._dbt = project, dbt
        self._target, self.prefix, self._connected = ENGINES[engine]

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements in the warehouse and give the rows of the last one."""
        rows: list[tuple[Any, ...]] = []
        with self._connected(self._project) as execute:
            for statement in statements:
                rows = execute(statement)
        return rows

    def freshness(self, *sources: str) -> tuple[int, str]:
        """Ask when raw tables were loaded last, as plain dbt does."""
        return self._dbt.attempt(
            *("source", "freshness", "--target", self._target, "--select", *sources), **ELSEWHERE
        )

    def attempt(self, *selected: str) -> tuple[int, str]:
        """Build what is selected, as plain dbt does."""
        variables = ("--vars", "{source_dt: '2024-12-31'}")
        return self._dbt.attempt(
            "build",
            "--target",
            self._target,
            *variables,
            "--indirect-selection",
            "cautious",
            "--select",
            *selected,
            **ELSEWHERE,
        )


@pytest.fixture(scope="module", params=ENGINES)
def landed(
    request: pytest.FixtureRequest,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Landed]:
    directory = tmp_path_factory.mktemp("landed") / "project"
    project = BuiltProject(copy_definitions(directory), postgres_variables(postgres_server))
    target = ENGINES[request.param][0]
    with ForkedDbt(project.project, project.environment, "--target", target) as dbt:
        tables = Landed(project, request.param, dbt)
        tables.execute(*_statements())
        # Before any test, because the tests come in any order and some change raw tables.
        exit_code, tables.printed = tables.attempt(
            "+fct_opportunities", "+dim_accounts", "+fct_activities"
        )
        assert exit_code == 0, tables.printed[-4000:]
        tables.made = {
            name: tables.execute(statement.format(prefix=tables.prefix))
            for name, statement in READ.items()
        }
        yield tables


def test_api_names_text_and_versions_are_read(landed: Landed) -> None:
    said = " ".join(landed.printed.split())
    assert (
        "raw_salesforce.account has no column billing_city: the city of accounts is empty" in said
    )
    ana, ben = "salesforce:005Hp000022Uuu1IAC", "salesforce:005Hp000022Uuu2IAC"
    assert landed.made["opportunities"] == [
        (
            "salesforce:006Hp000022Oo01IAC",
            "salesforce:001Hp000022Aaa1IAC",
            ana,
            "Closed Won",
            Decimal("1500.50"),
            Decimal(1),
            True,
            date(2024, 4, 1),
            datetime(2024, 1, 1, 10),
        ),
        (
            "salesforce:006B",
            None,
            ana,
            "Prospecting",
            None,
            Decimal("0.1"),
            False,
            date(2024, 12, 1),
            datetime(2024, 4, 1, 4, 30),
        ),
    ]
    # The history's row is of 10:00 UTC: the modification comes after all of its instant.
    assert landed.made["states"] == [(datetime(2024, 1, 1, 10),)]
    # What history mode kept is the history of what the CRM has none of.
    created, changed = datetime(2024, 4, 1, 4, 30), datetime(2024, 6, 1)
    assert landed.made["versions"] == [(Decimal(210000), created, changed), (None, changed, None)]
    assert landed.made["owners"] == [
        (ben, datetime(2024, 1, 1, 10)),
        (ana, datetime(2024, 1, 31, 23)),
    ]
    assert landed.made["accounts"] == [
        ("salesforce:001Hp000022Aaa1IAC", None, "Enterprise"),
        ("salesforce:001B", "salesforce:001Hp000022Aaa1IAC", None),
    ]


def test_offsets_and_fractions_in_text_are_read(landed: Landed) -> None:
    assert landed.made["deals"] == [
        ("pipedrive:7:1", "pipedrive:1", "Needs Assessment", datetime(2024, 4, 30, 23)),
        ("pipedrive:8:1", None, "Needs Assessment", datetime(2024, 5, 1, 8, 0, 1)),
    ]
    due = datetime(2024, 5, 1, 22, 30)
    assert landed.made["activities"] == [("pipedrive:9", "pipedrive:7:1", "pipedrive:1", True, due)]


def test_freshness_reads_text_and_api_names(landed: Landed) -> None:
    exit_code, printed = landed.freshness("source:salesforce.account", "source:pipedrive.activity")
    assert exit_code == 0, printed[-3000:]
    assert "WARN freshness of salesforce.account" in printed
    assert "WARN freshness of pipedrive.activity" in printed


def test_what_cannot_be_built_is_refused_by_name(landed: Landed) -> None:
    table = f"{RAW}.opportunity"
    landed.execute(
        f'alter table {table} add column "CurrencyIsoCode" text',
        f"update {table} set \"CurrencyIsoCode\" = 'CHF'",
    )
    exit_code, printed = landed.attempt("+int_salesforce__opportunities")
    landed.execute(f'alter table {table} drop column "CurrencyIsoCode" cascade')
    assert exit_code != 0
    assert "no rate for the currency CHF" in printed

    landed.execute(f'alter table {table} rename column "StageName" to "Lost"')
    exit_code, printed = landed.attempt("stg_salesforce__opportunities")
    landed.execute(f'alter table {table} rename column "Lost" to "StageName"')
    assert exit_code != 0
    assert "raw_salesforce.opportunity has no column stage_name" in printed
    assert "Binder Error" not in printed


def test_a_column_that_no_metric_needs_may_be_missing_and_is_warned_of(landed: Landed) -> None:
    table = f"{RAW}.opportunity"
    landed.execute(f'alter table {table} rename column "LastModifiedDate" to "Lost"')
    exit_code, printed = landed.attempt("stg_salesforce__opportunities")
    landed.execute(f'alter table {table} rename column "Lost" to "LastModifiedDate"')
    assert exit_code == 0, printed[-3000:]
    said = " ".join(printed.split())
    assert "raw_salesforce.opportunity has no column last_modified_date: system_modstamp" in said


def test_values_that_cannot_be_are_named(landed: Landed) -> None:
    table = f"{RAW}.opportunity"
    of_one = "where \"Id\" = '006B'"
    landed.execute(
        f"update {table} set \"Probability\" = '250', \"CreatedDate\" = '0202-05-01' {of_one}"
    )
    exit_code, printed = landed.attempt("stg_salesforce__opportunities")
    landed.execute(
        f"update {table} set \"Probability\" = '10',"
        f" \"CreatedDate\" = '2024-03-31T23:30:00-05:00' {of_one}"
    )
    assert exit_code != 0
    assert "out_of_range 2.500000, opportunity_id salesforce:006B" in printed
    assert "out_of_calendar created_at 0202-05-01" in printed


# Values that no form of their column has: what is set in which rows, and what is said of them.
UNREADABLE = [
    (f"{RAW}.opportunity", "Amount", "12,000 EUR", "\"Id\" = '006B'", 2, "a number such as 1234.5"),
    (f"{RAW}.opportunity", "Probability", "high", "true", 5, "a number such as 1234.5"),
    (f"{RAW}.opportunity", "IsWon", "maybe", "\"Id\" = '006B'", 2, "true or false"),
    (f"{RAW}.opportunity", "CreatedDate", "5/1/2024", "\"Id\" = '006B'", 2, "a time such as"),
    (f"{RAW}.opportunity_history", "CloseDate", "tomorrow", "true", 1, "a day such as 2024-07-24"),
    (f"{RAW}.opportunity_history", "Amount", "1e25", "true", 1, "a number such as 1234.5"),
    (f"{RAW}.account", "CreatedDate", "2023-02-29", "true", 2, "a time such as"),
    (f"{PIPEDRIVE}.activity", "due_to", "infinity", "true", 1, "a time such as"),
    (f"{PIPEDRIVE}.fields", "field_value_options", "[{'id': 1}]", "true", 2, "a list in JSON"),
    (f"{PIPEDRIVE}.activity", "activity_id", "nine", "true", 1, "a whole number"),
    (
        f"{PIPEDRIVE}.deal_changes",
        "new_value",
        "today",
        "changed_field_key = 'add_time'",
        2,
        "a time such as 2024-07-24 06:47:10",
    ),
]


def test_values_that_cannot_be_read_are_named(landed: Landed) -> None:
    """The database would end the build in words of its own, or guess, or read nothing there."""
    tables = sorted({table for table, *_ in UNREADABLE})
    for number, table in enumerate(tables):
        landed.execute(f"create table kept_{number} as select * from {table}")
    for table, column, value, rows, *_ in UNREADABLE:
        given = value.replace("'", "''")
        landed.execute(f"update {table} set \"{column}\" = '{given}' where {rows}")
    exit_code, printed = landed.attempt("stg_salesforce__opportunities")
    for number, table in enumerate(tables):
        landed.execute(
            f"delete from {table}",
            f"insert into {table} select * from kept_{number}",
            f"drop table kept_{number}",
        )
    assert exit_code != 0
    found = [line.strip() for line in printed.splitlines() if ", column " in line]
    assert len(found) == len(UNREADABLE), printed[-4000:]
    for table, column, value, _, count, words in UNREADABLE:
        [line] = [line for line in found if line.startswith(f"{table}, column {column}")]
        assert f": {count} value" in line
        assert f", such as {value}; expected {words}" in line
