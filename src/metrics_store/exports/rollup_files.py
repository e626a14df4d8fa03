"""The files of roll-ups in the dbt project: the model and its description."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from metrics_store.exports.export_files import GENERATED
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.rollups.row_checksum import row_checksum

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from metrics_store.exports.rollup_reader import RollupModel, RollupPeriods
    from metrics_store.query.rollups.rollup_table import RollupTable

# A period that has no rows any more comes as one row that says so and is deleted at once: dbt
# deletes the rows of the periods that it is given, and of no others.
_CONFIG = """\
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='rollup_period',
    on_schema_change='sync_all_columns',
    post_hook='delete from {{ this }} where rollup_is_gone'
) }}
{% set known = adapter.get_columns_in_relation(this) | map(attribute='name') | list
    if is_incremental() else [] %}
"""
_COMPARED = f"""\
-- Only periods whose rows differ from those that are there are written.
{_CONFIG}\
{{% set wanted = [<names>, 'rollup_period', 'rollup_is_gone'] %}}
"""
_COMPARED += """
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
select
    <nothing>,
    rollup_period,
    true as rollup_is_gone
from (select distinct rollup_period from {{ this }}) written
where rollup_period not in (select rollup_period from periods)
{% endif %}
{% endif %}
"""
_BY_HASH = f"""\
-- Only periods are aggregated whose rows have another hash than when they were last, or where
-- somebody edited what was stored.
{_CONFIG}\
{{% set wanted = [<names>,
    'rollup_hash', 'rollup_rows', 'rollup_period', 'rollup_checksum', 'rollup_is_gone'] %}}
"""
_BY_HASH += """\
{% set is_by_period = known | sort == wanted | sort %}

with
{% if 'rollup_period' in known %}
hashes as materialized (
<hashes>
),
{% endif %}
{% if is_by_period %}
kept as (
select
    rollup_period,
    sum(rollup_hash) as rollup_hash,
    sum(rollup_rows) as rollup_rows,
    sum(case when rollup_checksum = <checksum> then 0 else 1 end) as edited_rows
from {{ this }}
group by rollup_period
),
changed as (
select hashes.rollup_start, hashes.rollup_period
from hashes
left join kept on hashes.rollup_period = kept.rollup_period
where
    kept.rollup_hash is distinct from hashes.rollup_hash
    or kept.rollup_rows is distinct from hashes.rollup_rows
    or kept.edited_rows > 0
),
{% endif %}
fresh as (
<select>
),
periods as (
select
    <columns>,
    rollup_hash,
    rollup_rows,
    coalesce(cast(<time> as varchar), '') as rollup_period
from fresh
)
select
    *,
    <checksum> as rollup_checksum,
    false as rollup_is_gone
from periods
{% if is_by_period %}
where rollup_period in (select rollup_period from changed)
{% endif %}
{% if 'rollup_period' in known %}
union all
select
    <nothing>,
    null as rollup_hash,
    null as rollup_rows,
    rollup_period,
    null as rollup_checksum,
    true as rollup_is_gone
from (select distinct rollup_period from {{ this }}) written
where rollup_period not in (select rollup_period from hashes)
{% endif %}
"""
# The rows of the periods that changed, in the place of all.
_CHANGED_ROWS = """\
(
      SELECT * FROM <source>
      {% if is_by_period %}
      WHERE <start> IN (SELECT rollup_start FROM changed) OR <start> IS NULL
      {% endif %}
    )"""


def rollup_files(rollups: list[RollupModel]) -> dict[str, str]:
    """Render every roll-up as a model and a description: name of the file -> content."""
    wanted = {}
    for rollup in rollups:
        wanted[f"{rollup.table.name}.sql"] = _model(rollup)
        wanted[f"{rollup.table.name}.yml"] = _description(rollup.table)
    return wanted


def _model(rollup: RollupModel) -> str:
    table = rollup.table
    time = next((one.column for one in table.names if one.path == METRIC_TIME), None)
    head = [f"-- {GENERATED} {table.rollup}. Do not edit."]
    if time is None:
        return "\n".join(
            [*head, "{{ config(materialized='table') }}", "", _by_dialect(rollup.sql), ""]
        )
    columns = table.column_names
    values = {
        "names": ", ".join(f"'{name}'" for name in columns),
        "columns": ",\n    ".join(columns),
        "nothing": ",\n    ".join(f"null as {name}" for name in columns),
        "time": time,
        "select": _by_dialect(rollup.sql),
    }
    template = _COMPARED
    if rollup.periods is not None:
        template = _BY_HASH
        values["hashes"] = _by_dialect(rollup.periods.hashes)
        values["checksum"] = _checksum(columns, rollup.sql)
        values["select"] = _by_dialect(
            {
                dialect: sql.replace(rollup.periods.source, _changed_rows(rollup.periods))
                for dialect, sql in rollup.sql.items()
            }
        )
    return "\n".join([*head, _filled(template, values)])


def _checksum(columns: Sequence[str], dialects: Iterable[str]) -> str:
    return _by_dialect({one: row_checksum(columns, one) for one in dialects})


def _changed_rows(periods: RollupPeriods) -> str:
    return _filled(_CHANGED_ROWS, {"source": periods.source, "start": periods.start})


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda found: values[found[1]], template)


def _by_dialect(sql_by_dialect: Mapping[str, str]) -> str:
    lines = []
    for position, (dialect, sql) in enumerate(sql_by_dialect.items()):
        keyword = "if" if position == 0 else "elif"
        lines += [f"{{% {keyword} target.type == '{dialect}' %}}", sql]
    lines += [
        "{% elif execute %}",
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
