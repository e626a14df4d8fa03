"""The views under the documents' names have their columns, rows and plain ids, on both engines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.slow

BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])
DEMO, REAL, SALESFORCE = (pytest.mark.xdist_group(name) for name in ("demo", "real", "salesforce"))
# Schemas have the target's own name before theirs on PostgreSQL.
PREFIXES = {"duckdb": "", "postgres": "dev_"}
# In the documents' order, where they list them.
COLUMNS = {
    "dim_users": ["user_id", "user_name", "user_email", "is_active"],
    "dim_stages": ["stage_id", "stage_name", "kpi_name", "funnel_step"],
    "fct_activities": [
        "activity_id",
        "deal_id",
        "activity_type_key",
        "activity_type_name",
        "user_id",
        "kpi_name",
        "funnel_step",
        "due_timestamp",
    ],
    "fct_deal_stage_history": [
        "deal_id",
        "stage_id",
        "stage_name",
        "kpi_name",
        "funnel_step",
        "stage_entry_timestamp",
        "stage_entry_num",
    ],
    "opportunity_history_snapshot": [
        "opportunity_id",
        "snapshot_date",
        "stage_name",
        "amount",
        "probability",
        "close_date",
    ],
}
VIEWS = [*COLUMNS, "dim_salesforce_accounts", "fct_salesforce_opportunities"]


class Reader:
    """One engine's warehouse of a project, asked in SQL as older readers do."""

    def __init__(self, project: BuiltProject, engine: str) -> None:
        self.project, self.engine = project, engine
        self.views = f"{PREFIXES[engine]}compatibility"

    def table(self, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a statement, `{views}` being the schema of the views; its columns and rows."""
        query = statement.format(views=self.views)
        if self.engine == "duckdb":
            database = self.project.stores["duckdb"].database
            assert database is not None
            with duckdb.connect(str(database), read_only=True) as connection:
                answer = connection.execute(query)
                return [column[0] for column in answer.description or []], answer.fetchall()
        variables = self.project.environment
        with psycopg.connect(
            host=variables["METRICS_STORE_DEV_HOST"],
            port=variables["METRICS_STORE_DEV_PORT"],
            user=variables["METRICS_STORE_DEV_USER"],
            dbname=variables["METRICS_STORE_DEV_DATABASE"],
        ) as server:
            cursor = server.execute(query.encode())
            return [column.name for column in cursor.description or []], cursor.fetchall()

    def value(self, statement: str) -> Any:  # noqa: ANN401
        [(value,)] = self.table(statement)[1]
        return value


@DEMO
@BOTH
@pytest.mark.parametrize("view", COLUMNS)
def test_columns_are_those_that_readers_know(
    view: str, engine: str, demo_project: BuiltProject
) -> None:
    columns, rows = Reader(demo_project, engine).table(f"select * from {{views}}.{view} limit 1")
    assert columns == COLUMNS[view]
    assert rows


@DEMO
@pytest.mark.parametrize("view", VIEWS)
def test_engines_agree_to_the_row(view: str, demo_project: BuiltProject) -> None:
    (columns, rows), (other_columns, other_rows) = (
        Reader(demo_project, engine).table(f"select * from {{views}}.{view}") for engine in PREFIXES
    )
    assert columns == other_columns
    assert sorted(rows, key=repr) == sorted(other_rows, key=repr)


@DEMO
@BOTH
@pytest.mark.parametrize(
    ("view", "column", "raw"),
    [
        ("dim_users", "user_id", "raw_pipedrive.users.id"),
        ("dim_stages", "stage_id", "raw_pipedrive.stages.stage_id"),
        ("fct_activities", "activity_id", "raw_pipedrive.activity.activity_id"),
        ("fct_activities", "deal_id", "raw_pipedrive.activity.deal_id"),
        ("fct_activities", "user_id", "raw_pipedrive.activity.assigned_to_user"),
        ("fct_deal_stage_history", "deal_id", "raw_pipedrive.deal_changes.deal_id"),
        ("dim_salesforce_accounts", "account_id", "raw_salesforce.account.id"),
        ("fct_salesforce_opportunities", "opportunity_id", "raw_salesforce.opportunity.id"),
        ("fct_salesforce_opportunities", "account_id", "raw_salesforce.account.id"),
        ("fct_salesforce_opportunities", "owner_id", "raw_salesforce.opportunity.owner_id"),
        ("opportunity_history_snapshot", "opportunity_id", "raw_salesforce.opportunity.id"),
    ],
)
def test_ids_are_the_crms_own(
    view: str, column: str, raw: str, engine: str, demo_project: BuiltProject
) -> None:
    reader = Reader(demo_project, engine)
    table, _, raw_column = raw.rpartition(".")
    strangers = reader.value(
        f"select count(*) from {{views}}.{view} where {column} is not null"
        f" and {column} not in (select {raw_column} from {table} where {raw_column} is not null)"
    )
    known = reader.value(f"select count(distinct {column}) from {{views}}.{view}")
    assert strangers == 0
    assert known > 1


@DEMO
@BOTH
def test_the_views_give_what_the_metrics_give(engine: str, demo_project: BuiltProject) -> None:
    reader = Reader(demo_project, engine)

    def ask(metric: str, *group_by: str) -> dict[tuple[object, ...], Any]:
        by_source = demo_project.answer(engine, metric, *group_by, "opportunity__crm_source")
        return {key[:-1]: value for key, value in by_source.items() if key[-1] == "salesforce"}

    opportunities = "{views}.fct_salesforce_opportunities"
    assert reader.value(f"select count(*) from {opportunities}") == ask("opportunity_count")[()]
    # The documents' own formulas, of which one had divided nothing and one too much.
    weighted = reader.value(
        f"select sum(amount * probability) from {opportunities} where not is_closed"
    )
    assert weighted == Decimal(str(ask("weighted_pipeline")[()]))
    win_rate = reader.value(
        f"select avg(case when is_won then 1.0 else 0.0 end) from {opportunities} where is_closed"
    )
    assert float(win_rate) == pytest.approx(ask("win_rate")[()], rel=1e-12)
    _, by_day = reader.table(
        "select snapshot_date, sum(coalesce(amount, 0)) from {views}.opportunity_history_snapshot"
        " group by snapshot_date"
    )
    asked = ask("pipeline_snapshot", "metric_time__day")
    expected = {day.date(): value for (day,), value in asked.items() if value}  # type: ignore[attr-defined]
    assert {day: Decimal(value) for day, value in by_day if value} == {
        day: Decimal(str(value)) for day, value in expected.items()
    }
    missing = "select count(*) from {views}.opportunity_history_snapshot where amount is null"
    assert reader.value(missing) > 0
    calls = [demo_project.answer(engine, f"sales_call_{call}_completed")[()] for call in (1, 2)]
    assert reader.value("select count(*) from {views}.fct_activities") == sum(calls)


@REAL
@BOTH
def test_rows_of_the_real_pipedrive_export(engine: str, real_project: BuiltProject) -> None:
    reader = Reader(real_project, engine)

    def count(view: str) -> int:
        found = reader.value(f"select count(*) from {{views}}.{view}")
        assert isinstance(found, int)
        return found

    assert count("dim_users") == 1787
    assert count("dim_stages") == 9
    assert count("fct_activities") == 1128
    assert count("fct_deal_stage_history") == 8906
    assert count("fct_deal_stage_history where stage_entry_num = 1") == 8891
    assert count("dim_salesforce_accounts") == count("fct_salesforce_opportunities") == 0
    assert count("opportunity_history_snapshot") == 0


@REAL
@BOTH
def test_the_documents_first_entries(engine: str, real_project: BuiltProject) -> None:
    _, rows = Reader(real_project, engine).table(
        "select funnel_step, kpi_name, count(distinct deal_id)"
        " from {views}.fct_deal_stage_history"
        " where stage_entry_num = 1 and stage_entry_timestamp >= '2024-02-01'"
        " and stage_entry_timestamp < '2024-03-01' group by funnel_step, kpi_name"
    )
    assert {step: deals for step, _, deals in rows} == {
        "1": 194,
        "2": 74,
        "3": 27,
        "4": 17,
        "5": 10,
        "6": 8,
        "7": 1,
        "9": 2,
    }
    assert ("2", "Qualified Lead", 74) in rows


@REAL
@BOTH
def test_pipedrives_ids_are_numbers(engine: str, real_project: BuiltProject) -> None:
    _, rows = Reader(real_project, engine).table(
        "select activity_id, user_id, user_name, due_timestamp, calls.kpi_name"
        " from {views}.fct_activities as calls left join {views}.dim_users using (user_id)"
    )
    assert len(rows) == 1128
    for activity_id, user_id, user_name, due, kpi_name in rows:
        assert isinstance(activity_id, int)
        assert isinstance(user_id, int)
        assert isinstance(due, datetime)
        assert user_name
        assert kpi_name in {"Sales Call 1", "Sales Call 2"}


@SALESFORCE
@BOTH
def test_rows_of_the_real_salesforce_export(engine: str, salesforce_project: BuiltProject) -> None:
    reader = Reader(salesforce_project, engine)
    _, [counts] = reader.table(
        "select count(*), sum(case when is_won then 1 else 0 end),"
        " sum(case when not is_closed then amount end)"
        " from {views}.fct_salesforce_opportunities"
        " inner join {views}.dim_salesforce_accounts using (account_id)"
    )
    assert counts == (31, 18, 2_115_000)
    _, [last_day] = reader.table(
        "select snapshot_date, count(*), sum(amount) from {views}.opportunity_history_snapshot"
        " group by snapshot_date order by snapshot_date desc limit 1"
    )
    assert last_day == (date(2025, 3, 31), 13, 2_115_000)
    assert reader.value("select count(*) from {views}.dim_users") == 0
