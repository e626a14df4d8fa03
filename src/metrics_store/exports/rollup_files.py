"""The files of roll-ups in the dbt project: the model and its description."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from metrics_store.exports.export_files import GENERATED, ExportFiles
from metrics_store.query.metric_time import METRIC_TIME

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.exports.rollup_reader import RollupModel
    from metrics_store.query.rollups.rollup_table import RollupTable

# A period that has no rows any more comes as one row that says so and is deleted at once: dbt
# deletes the rows of the periods that it is given, and of no others.
_INCREMENTAL = """\
-- Only periods whose rows differ from those that are there are written.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='rollup_period',
    on_schema_change='sync_all_columns',
    post_hook='delete from {{ this }} where rollup_is_gone'
) }}
{% set known = adapter.get_columns_in_relation(this) | map(attribute='name') | list
    if is_incremental() else [] %}
{% set wanted = [<names>, 'rollup_period', 'rollup_is_gone'] %}

with fresh as (
<select>
),
periods as (
select
    <columns>,
    coalesce(cast(<time> as varchar), '') as rollup_period,
    false as rollup_is_gone
from fresh
)
{% if known | sort == wanted | sort %}
,
kept as (
select
    <columns>,
    rollup_period,
    rollup_is_gone
from {{ this }}
),
changed as (
select distinct rollup_period
from (
(select * from periods except all select * from kept)
union all
(select * from kept except all select * from periods)
) differing
)
select * from periods
where rollup_period in (select rollup_period from changed)
union all
select
    <nothing>,
    rollup_period,
    true as rollup_is_gone
from changed
where rollup_period not in (select rollup_period from periods)
{% else %}
select * from periods
{% if 'rollup_period' in known %}
union all
select distinct
    <nothing>,
    rollup_period,
    true as rollup_is_gone
from {{ this }}
where rollup_period not in (select rollup_period from periods)
{% endif %}
{% endif %}
"""


def render_rollups(rollups: list[RollupModel], directory: Path) -> ExportFiles:
    """Render every roll-up as a model and a description."""
    wanted = {}
    for rollup in rollups:
        wanted[f"{rollup.table.name}.sql"] = _model(rollup)
        wanted[f"{rollup.table.name}.yml"] = _description(rollup.table)
    return ExportFiles(directory, wanted)


def _model(rollup: RollupModel) -> str:
    table = rollup.table
    time = next((one.column for one in table.names if one.path == METRIC_TIME), None)
    head = [f"-- {GENERATED} {table.rollup}. Do not edit."]
    if time is None:
        return "\n".join([*head, "{{ config(materialized='table') }}", "", _by_dialect(rollup), ""])
    columns = table.column_names
    values = {
        "names": ", ".join(f"'{name}'" for name in columns),
        "columns": ",\n    ".join(columns),
        "nothing": ",\n    ".join(f"null as {name}" for name in columns),
        "time": time,
        "select": _by_dialect(rollup),
    }
    text = re.sub(r"<(\w+)>", lambda found: values[found[1]], _INCREMENTAL)
    return "\n".join([*head, text])


def _by_dialect(rollup: RollupModel) -> str:
    lines = []
    for position, (dialect, sql) in enumerate(rollup.sql.items()):
        keyword = "if" if position == 0 else "elif"
        lines += [f"{{% {keyword} target.type == '{dialect}' %}}", sql]
    lines += [
        "{% else %}",
        "{{ exceptions.raise_compiler_error('no roll-up for ' ~ target.type) }}",
        "{% endif %}",
    ]
    return "\n".join(lines)


def _description(table: RollupTable) -> str:
    columns = {one.column: f"{one.path} of the rows." for one in table.names}
    columns |= {
        one.column: f"{one.aggregation} of {one.expression}".replace("\n", " ")
        for one in table.aggregates
    }
    model = {
        "name": table.name,
        "description": f"Roll-up of {table.model} for the saved query {table.rollup}.",
        "columns": [
            {"name": name, "description": description} for name, description in columns.items()
        ],
    }
    text: str = yaml.safe_dump(
        {"models": [model]}, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return f"# {GENERATED} {table.rollup}. Do not edit.\n{text}"
