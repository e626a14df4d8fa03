"""Every dbt test fails on a warehouse that is broken in the way it guards against."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pytest

from definitions.conftest import DEMO_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from definitions.forked_dbt import ForkedDbt
    from definitions.warehouses import BuiltProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

# One row each that is wrong in what the test of that name looks at.
BREAKAGES = """
-- A negative count, an unknown step, a name that does not fit its step, in every report.
insert into reports.rep_sales_funnel_monthly values ('2024-01-01', 'Lost', '1', -1);
insert into reports.rep_sales_funnel_monthly values ('2024-01-01', 'Nonsense', '77', 1);
insert into reports.rep_sales_funnel_first_entry_monthly values ('2024-01-01', 'Lost', '1', -1);
insert into reports.rep_sales_funnel_first_entry_monthly values ('2024-01-01', 'No', '77', 1);
insert into reports.daily_activity_stats values ('2024-01-01', 'Lost', '1', -1);
insert into reports.daily_deal_stats values ('2024-01-01', 'Lost', '2.1', -1);
insert into reports.monthly_activity_stats values ('2024-01-01', 'Lost', '1', -1);
insert into reports.monthly_deal_stats values ('2024-01-01', 'Lost', '2.1', -1);
insert into reports.monthly_stats values ('2024-01-01', 'No', 'Lost', -1);
insert into reports.rep_sales_rep_performance_monthly
select month, sales_rep_id, sales_rep_name, -1, -1, -1, -1, -1
from reports.rep_sales_rep_performance_monthly limit 1;
-- More converted than were there.
update exports.export_sales_funnel_conversion_monthly
set converted_within_30_days = first_entries_of_step + 1;
-- What each alert looks for: less than before, low rates and coverage, data long gone.
update exports.export_sales_funnel_growth_monthly set funnel_deals_mom = -0.5;
update exports.export_sales_funnel_rates_monthly
set proposal_quote_preparation_to_negotiation_rate = 0.1;
update exports.export_pipeline_coverage_quarterly set pipeline_coverage = 0.5;
update exports.export_funnel_events_daily_by_crm
set metric_time__day = metric_time__day - interval '60 days';
-- A call under a whole step; an entry left before it was made.
update marts.fct_funnel_events set funnel_step = '2' where funnel_step = '2.1';
update marts.fct_stage_entries set exited_at = entered_at - interval '1 day';
-- Losses and daily entries that are missing, a stage that the map does not know.
delete from marts.fct_funnel_events where step_kind = 'loss';
delete from marts.fct_stage_entries where entry_number = 2;
update marts.dim_stages set is_known = false where stage_order = 1;
delete from marts.time_spine_daily where date_day > timestamp '2023-12-30';
-- Values and keys that nothing else knows.
update marts.fct_stage_entries set stage_id = 'pipedrive:no', owner_id = 'pipedrive:no',
account_id = 'nowhere', days_in_stage = -1 where entry_number = 1;
insert into marts.fct_stage_outcomes by name
select 'no' as stage_entry_id, 'nowhere' as account_id, 'no' as owner_id, 'no' as stage_id;
update intermediate.int_stage_win_rates set stage_win_rate = 2;
update marts.fct_funnel_events set stage_id = 'pipedrive:no', owner_id = 'pipedrive:no',
funnel_step = 'no' where step_kind = 'stage';
insert into intermediate.int_salesforce__accounts by name select 'no' as account_id;
insert into intermediate.int_salesforce__opportunities by name select 'no' as opportunity_id;
insert into intermediate.int_stages by name select 'no' as stage_id;
insert into marts.dim_accounts by name select 'no' as account_id;
insert into marts.fct_opportunities by name
select 'salesforce:no' as opportunity_id, 'nowhere' as account_id, 'no' as owner_id,
'no' as stage_id, 2 as probability, -1 as sales_cycle_days;
update marts.fct_activities set owner_id = 'pipedrive:no', activity_category = 'no';
update marts.dim_stages set stage_category = 'no';
update intermediate.int_pipedrive__deal_states set change_kind = 'no' where event_number = 3;
-- A change of a deal that is nothing, a status that nobody knows, a closed deal that says nothing.
insert into intermediate.int_pipedrive__deal_lives by name
select false as is_deleted, 'no' as event_kind;
-- Pipedrive's records, of which the demo has none.
insert into raw_pipedrive.deals by name select 1 as id, timestamp '2024-01-01' as add_time;
insert into raw_pipedrive.dealflow by name
select 1 as id, 1 as item_id, 'title' as field_key, timestamp '2024-01-01' as log_time;
insert into raw_pipedrive.pipelines by name select 1 as id, 'Sales' as name;
insert into raw_pipedrive.organizations by name select 1 as id;
insert into raw_pipedrive.persons by name select 1 as id;
insert into raw_pipedrive.activities by name
select 1 as id, 'meeting' as type, true as done, date '2024-01-01' as due_date;
insert into intermediate.int_pipedrive__deal_values by name
select 'pipedrive:1:1' as opportunity_id, 1 as event_number, 2 as probability;
insert into raw_pipedrive.deal_changes by name select 'status' as changed_field_key,
'archived' as new_value, timestamp '2024-01-01' as change_time;
insert into marts.fct_opportunities by name select 'salesforce:unsaid' as opportunity_id,
'salesforce' as crm_source, true as is_closed, false as counts_in_win_rates;
update seeds.funnel_steps set step_kind = 'no' where funnel_step = '3';
update seeds.stage_map set stage_category = 'no', funnel_step = 'no' where stage_order = 9;
update seeds.activity_map set activity_category = 'no', funnel_step = 'no';
update raw_salesforce.opportunity set probability = 250;
update raw_salesforce.opportunity_history set probability = -1;
update raw_pipedrive.activity_types set active = 'Perhaps' where id = 1;
-- Years that are a slip of the hand.
update raw_salesforce.account set created_date = timestamp '0202-05-01';
update raw_salesforce."user" set created_date = timestamp '0202-05-01';
update raw_salesforce.opportunity set close_date = date '0202-05-01';
update raw_salesforce.opportunity_history set close_date = date '0202-05-01';
update raw_salesforce.opportunity_field_history set created_date = timestamp '2201-01-01';
insert into raw_salesforce.opportunity by name select timestamp '0202-05-01' as _fivetran_start,
250 as probability;
insert into raw_pipedrive.deal_changes by name select timestamp '0202-05-01' as change_time;
insert into raw_pipedrive.activity by name select timestamp '2201-01-01' as due_to;
insert into intermediate.int_pipedrive__lifecycles by name select
timestamp '0202-05-01' as created_at;
update raw_planning.quota set month = date '0202-05-01';
update raw_planning.team_membership set valid_from = date '0202-05-01';
insert into intermediate.int_salesforce__opportunity_states by name select
'salesforce:no' as opportunity_id, 'Limbo' as stage_name, 'open' as stage_category;
insert into marts.fct_close_date_changes by name select 'nowhere' as opportunity_id,
'nowhere' as account_id, 'nowhere' as owner_id, 'nowhere' as stage_id;
insert into marts.fct_due_opportunities by name select 'nowhere' as opportunity_id,
'nowhere' as account_id, 'nowhere' as owner_id, 'nowhere' as stage_id, 'no' as slip_kind;
insert into marts.fct_forecasts by name select 'no' as model, 26 as months_ahead;
update raw_planning.quota set quota = -1;
insert into seeds.quotas by name select -1 as quota;
insert into marts.fct_quotas by name
select 'no' as owner_id, -1 as quota, timestamp '2090-01-01' as quota_month;
insert into marts.dim_owner_memberships by name select 'no' as owner_id;
insert into marts.fct_opportunities by name select 'salesforce:odd' as opportunity_id,
true as is_open, 1 as amount, -1 as age_days;
insert into marts.fct_won_to_date by name select 'nowhere' as opportunity_id,
'nowhere' as account_id, 'nowhere' as owner_id, 'nowhere' as stage_id;
-- A movement that no snapshot shows, of no kind.
insert into marts.fct_pipeline_movements by name select 'no' as movement_type, 1 as amount,
timestamp '2024-01-01' as occurred_at;
insert into intermediate.int_salesforce__opportunity_history by name select
'salesforce:no' as opportunity_id, 1 as history_number, 'nobody' as owner_id, 'nowhere' as stage_id,
'no' as stage_category, timestamp '2024-01-01' as valid_from;
"""

# What cannot be broken by rows, with the reason.
UNBREAKABLE = {
    # The dashboard is a view, whose labels and sums are never empty; dbt's unit tests break it.
    "accepted_values_a_executive_dashboard_dashboard_type__executive_dashboard",
    "accepted_values_a_executive_dashboard_pipeline_health__Excellent__Good__Fair__Unknown",
    "accepted_values_a_executive_dashboard_risk_level__High__Medium__Low__Unknown",
    # Staging drops rows that are alike in every column: the test guards that very step.
    (
        "unique_together_stg_pipedrive__activities_activity_id__deal_id__owner_id"
        "__activity_type_key__is_completed__due_at"
    ),
    "unique_together_stg_pipedrive__deal_changes_deal_id__changed_field_key__new_value__changed_at",
}
NEVER_NULL = {
    # The labels and sums of a view, as above.
    "a_executive_dashboard.dashboard_type",
    "a_executive_dashboard.key_insight",
    "a_executive_dashboard.mtd_won_revenue",
    "a_executive_dashboard.pipeline_health",
    "a_executive_dashboard.qtd_won_revenue",
    "a_executive_dashboard.recommendation",
    "a_executive_dashboard.risk_level",
    "a_executive_dashboard.ytd_won_revenue",
    # Staging fills it: NULL counts as not done, not deleted, not closed, not active.
    "int_records__accounts.is_deleted",
    "int_records__opportunities.is_closed",
    "int_records__opportunities.is_deleted",
    "int_records__opportunities.is_won",
    "int_records__opportunity_history.is_deleted",
    "stg_pipedrive__activities.is_completed",
    "stg_pipedrive__deals.is_deleted",
    "stg_pipedrive__due_activities.is_completed",
    "stg_pipedrive__organizations.is_deleted",
    "stg_salesforce__accounts.is_deleted",
    "stg_salesforce__opportunities.is_closed",
    "stg_salesforce__opportunities.is_deleted",
    "stg_salesforce__opportunities.is_won",
    "stg_salesforce__opportunity_field_history.is_deleted",
    "stg_salesforce__opportunity_history.is_deleted",
    "stg_salesforce__users.is_active",
}


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[str]]]:
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables() where not internal order by 1, 2"
    ).fetchall()
    for schema, table in rows:
        name = f"{schema}.{table}"
        yield name, [column[0] for column in connection.execute(f"describe {name}").fetchall()]


def _set_odd(connection: duckdb.DuckDBPyConnection) -> None:
    """Give reports rows of odd words and numbers, and exports, which views read, odd numbers."""
    odd = {"VARCHAR": ["'no'"], "BOOLEAN": ["null"], "DATE": ["null"], "TIMESTAMP": ["null"]}
    for name, columns in list(_tables(connection)):
        kinds = [kind for _, kind, *_ in connection.execute(f"describe {name}").fetchall()]
        if name.startswith("reports."):
            for number in ("-1000", "1000"):
                row = ", ".join(odd.get(kind, [number])[0] for kind in kinds)
                connection.execute(f"insert into {name} values ({row})")
        if name.startswith("exports."):
            # The checksum of a roll-up's rows has no sign.
            numbers = [
                column
                for column, kind in zip(columns, kinds, strict=True)
                if kind not in odd and kind != "UBIGINT"
            ]
            changes = ", ".join(f'"{column}" = -1000' for column in numbers)
            connection.execute(f"update {name} set {changes}")


def _break(path: str) -> None:
    with duckdb.connect(path) as connection:
        _set_odd(connection)
        connection.execute(BREAKAGES)
        for name, columns in list(_tables(connection)):
            # Every row twice breaks what is unique; a row of nothing, twice, what is not null.
            connection.execute(f"insert into {name} select * from {name}")
            nothing = ", ".join("null" for _ in columns)
            connection.execute(f"insert into {name} values ({nothing}), ({nothing})")


def _never_null(project: Path, database: str) -> set[str]:
    """Give the columns of tests for several that none of the tests found empty."""
    manifest = json.loads((project / "target" / "manifest.json").read_text())
    held = set()
    with duckdb.connect(database, read_only=True) as connection:
        for node in manifest["nodes"].values():
            test = node.get("test_metadata") or {}
            if test.get("name") != "not_null_columns" or not node.get("compiled_code"):
                continue
            found = connection.execute(
                "select distinct unnest(string_split(null_columns, ', ')) from ("
                f"{node['compiled_code']})"
            ).fetchall()
            model = node["attached_node"].split(".")[-1]
            columns = set(test["kwargs"]["columns"]) - {column for (column,) in found}
            held |= {f"{model}.{column}" for column in columns}
    return held


def test_each_data_test_fails_on_a_broken_warehouse(
    broken_project: BuiltProject, demo_dbt: dict[str, ForkedDbt]
) -> None:
    live = (broken_project.project / "warehouse" / "sales_pipeline.duckdb").resolve()
    _break(str(live))
    exit_code, printed = demo_dbt["duckdb"].attempt(
        "test",
        "--vars",
        DEMO_VARIABLES,
        "--exclude",
        "test_type:unit",
        # Views of rows that the tests of the marts guard; a test of their own breaks them.
        "compatibility",
        # They look at the definitions, not at rows; a test of their own breaks those.
        "path:tests/data/project_rules",
        # The demo has no records of it.
        "source:generic",
        "path:models/staging/generic",
        project=broken_project.project,
    )
    assert exit_code == 1, printed[-3000:]
    results = json.loads((broken_project.project / "target" / "run_results.json").read_text())
    passed = {
        result["unique_id"].split(".")[2]
        for result in results["results"]
        if result["status"] == "pass"
    }
    errors = [result["unique_id"] for result in results["results"] if result["status"] == "error"]
    assert not errors
    assert passed == UNBREAKABLE
    assert _never_null(broken_project.project, str(live)) == NEVER_NULL
