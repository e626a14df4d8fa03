"""Builds a PostgreSQL warehouse in schemas beside the live ones, and swaps them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import psycopg

from metrics_store.build.build_errors import failed_build
from metrics_store.build.default_manifests import publish_manifests
from metrics_store.build.parsed_project import renew_environment, take_parsed_project
from metrics_store.build.postgres.build_schemas import drop_schemas, leftover_schemas
from metrics_store.build.postgres.privileges import copy_privileges
from metrics_store.build.postgres.schema_copy import add_views
from metrics_store.build.postgres.schema_plan import BUILD_VARIABLE, Plan, new_token
from metrics_store.build.postgres.schema_swap import swap
from metrics_store.build.rollup_check import check_rollups
from metrics_store.build.tested_definitions import telling_what_was_tested
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import artifacts_directory
from metrics_store.project.dbt_command import run_dbt
from metrics_store.warehouse.postgres import publication
from metrics_store.warehouse.postgres.postgres_connection import exclusive_writer

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.build.build_options import BuildOptions
    from metrics_store.project.profile import Target

_PROCESS = "metrics_store.build.postgres.build_process"


def build_server(target: Target, options: BuildOptions) -> str:
    """Run `dbt build` into schemas beside the live ones, and let them take their place at once.

    No other build or load of the same target may run meanwhile. What fails or is killed leaves
    what is live as it was; the next build clears away what it left.

    Returns:
        What was built and where, for people.

    Raises:
        MetricsStoreError: The server cannot be reached, another build runs, dbt did not succeed,
            or what it made cannot take the place of what is live.
    """
    artifacts = artifacts_directory(target)
    token = new_token()
    with exclusive_writer(target) as connection:
        publication.publish_waiting(target, connection)
        drop_schemas(leftover_schemas(target, connection), connection)
        workplace = _workplace(artifacts / "builds", token)
        try:
            with telling_what_was_tested(target.project_directory, artifacts, options):
                _run_dbt(target, options, workplace, token)
                renew_environment(workplace)
            check_rollups(workplace, "postgres")
            plan = Plan.read(workplace)
            _publish(plan, target, workplace, connection)
        finally:
            # What was made and is not live, or what was live and is not any more.
            if not connection.closed:
                drop_schemas(leftover_schemas(target, connection), connection)
    publish_manifests(artifacts, target)
    return f"built schema {target.settings.get('schema')} of target {target.name}"


def _workplace(builds: Path, token: str) -> Path:
    """Make a directory for dbt's artifacts that is this build's own.

    Readers see the manifests of what is live; and the dbt of a build that was killed, which works
    on for a moment, writes into none of ours. What an earlier one parsed is not parsed again.
    """
    workplace = builds / token
    older = list(builds.glob("*"))
    workplace.mkdir(parents=True)
    for directory in older:
        take_parsed_project(directory, workplace)
        shutil.rmtree(directory, ignore_errors=True)
    return workplace


def _run_dbt(target: Target, options: BuildOptions, workplace: Path, token: str) -> None:
    paths = ["--target", target.name, "--target-path", str(workplace)]
    try:
        run_dbt(
            ["build", *paths, *options.dbt_arguments()],
            project_directory=target.project_directory,
            environment={BUILD_VARIABLE: token},
            quiet=options.quiet,
            module=_PROCESS,
        )
    except MetricsStoreError as error:
        raise failed_build(
            error,
            ", so nothing was published: what is live is as it was",
            f"target {target.name}, schema {target.settings.get('schema')}",
        ) from error


def _publish(plan: Plan, target: Target, workplace: Path, connection: psycopg.Connection) -> None:
    try:
        add_views(plan, connection)
        copy_privileges(plan, connection)
        publication.prepare(target, workplace, plan.schemas)
        swap(plan, target, connection)
    except psycopg.Error as error:
        raise MetricsStoreError(
            "what was built cannot take the place of what is live, which is as it was",
            where=f"target {target.name}: {str(error).strip()}",
            remedy="mend what the database names and run `metrics build` again",
        ) from None
    finally:
        # It asks the database what became of the swap.
        if not connection.closed:
            publication.publish_waiting(target, connection)
