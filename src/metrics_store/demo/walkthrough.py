"""The demo from end to end: data, load, build, and real answers of `mf query`."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from metrics_store.build.build_options import BuildOptions
from metrics_store.build.warehouse_build import run_build
from metrics_store.demo.demo_calendar import LAST_DAY
from metrics_store.errors import MetricsStoreError
from metrics_store.load.loader import load_source
from metrics_store.project.dbt_command import QUIET_ENVIRONMENT
from metrics_store.warehouse.embedded.generations import Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.demo.truth_file import SourceTruth
    from metrics_store.project.profile import Target

OF_SALESFORCE = "--where \"{{ Dimension('opportunity__crm_source') }} = 'salesforce'\""
HEALTH = "pipeline_health_score,win_rate_score,overdue_score,deal_size_score,pipeline_volume_score"
QUESTIONS = (
    (
        "How healthy is the pipeline, by industry?",
        (
            f"--metrics weighted_pipeline,win_rate,{HEALTH} --group-by account__industry"
            f" --order -weighted_pipeline --decimals 2 {OF_SALESFORCE}"
        ),
    ),
    (
        "And how healthy was it, quarter by quarter?",
        (
            f"--metrics weighted_pipeline_snapshot,win_rate,{HEALTH}"
            " --group-by metric_time__quarter --order metric_time__quarter --decimals 2"
            f" --start-time 2023-07-01 --end-time 2024-12-31 {OF_SALESFORCE}"
        ),
    ),
    (
        "What changed the open pipeline in each quarter?",
        (
            "--metrics pipeline_walk_start,pipeline_walk_created,pipeline_walk_reopened,"
            "pipeline_walk_increased,pipeline_walk_decreased,pipeline_walk_won,"
            "pipeline_walk_lost,pipeline_walk_end"
            " --group-by metric_time__quarter --order metric_time__quarter --decimals 0"
            " --start-time 2024-01-01 --end-time 2024-12-31"
        ),
    ),
    (
        "What will be won in the coming months?",
        (
            "--metrics forecast_combined,forecast_lower_95,forecast_upper_95"
            " --group-by metric_time__month --order metric_time__month --decimals 0"
            " --start-time 2024-10-01 --end-time 2025-03-31"
        ),
    ),
    (
        "What share of leads qualifies, and how many within 30 days?",
        (
            "--metrics lead_generation_to_qualified_lead_conversion,"
            "lead_generation_to_qualified_lead_conversion_30d"
            " --group-by metric_time__fiscal_quarter --order -metric_time__fiscal_quarter --limit 6"
        ),
    ),
    (
        "Why are deals lost?",
        (
            "--metrics lost_deals --group-by funnel_event__lost_reason --order -lost_deals"
            " --where \"{{ Dimension('funnel_event__crm_source') }} = 'pipedrive'\""
        ),
    ),
)


def require_demo_data(target: Target, sources: dict[str, SourceTruth]) -> None:
    """Keep the demo from replacing somebody's own data.

    The raw tables are the demo's when each has as many rows as the demo writes.

    Raises:
        MetricsStoreError: The warehouse holds raw tables with other rows.
    """
    generation = Warehouse(target.duckdb_path).current()
    if generation is None:
        return
    with duckdb.connect(str(generation.database), read_only=True) as connection:
        present = set(
            connection.execute(
                "select schema_name, table_name from duckdb_tables() union all "
                "select schema_name, view_name from duckdb_views() where not internal"
            ).fetchall()
        )
        for source, truth in sources.items():
            for table, rows in truth.rows.items():
                relation = (f"raw_{source}", table)
                if relation not in present:
                    continue
                found = len(connection.table(".".join(relation)))
                if found != rows:
                    raise MetricsStoreError(
                        "the warehouse holds other data than the demo's, which would replace it",
                        where=f"{target.duckdb_path}: {'.'.join(relation)} has {found:,} rows",
                        expected=f"no such table, or the demo's {rows:,} rows",
                        remedy="set METRICS_STORE_DUCKDB_PATH to another file for the demo, such "
                        "as warehouse/demo.duckdb, or say `metrics demo run --replace`",
                    )


def load_and_build(target: Target, data: Path, sources: Sequence[str]) -> str:
    """Load the demo data and build the marts as of its last day.

    Returns:
        What was published, for people.
    """
    for source in sources:
        load_source(source, data / source, target)
    options = BuildOptions(variables=f"{{source_dt: '{LAST_DAY:%Y-%m-%d}'}}", quiet=True)
    return run_build(target, options)


def ask(target: Target, echo: Callable[[str], None]) -> None:
    """Ask the questions of the demo through MetricFlow's own command and show its answers.

    Raises:
        MetricsStoreError: `mf` did not answer.
    """
    mf = Path(sys.executable).with_name("mf")
    environment = {
        **os.environ,
        **QUIET_ENVIRONMENT,
        "METRICS_STORE_TARGET": target.name,
        "METRICS_STORE_DUCKDB_ACCESS_MODE": "read_only",
    }
    for question, arguments in QUESTIONS:
        echo(f"\n# {question}\n$ mf query --quiet {arguments}")
        answered = subprocess.run(
            [mf, "query", "--quiet", *shlex.split(arguments)],
            cwd=target.project_directory,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        if answered.returncode != 0:
            raise MetricsStoreError(
                "mf query did not answer", where=answered.stdout[-500:] + answered.stderr[-500:]
            )
        echo("\n".join(line.rstrip() for line in answered.stdout.strip().splitlines()))
