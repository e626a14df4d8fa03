"""Builds a warehouse on Spark in schemas beside the live ones, which then take their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from metrics_store.build.build_errors import failed_build
from metrics_store.build.default_manifests import publish_manifests
from metrics_store.build.spark.generation_process import BUILD_VARIABLE
from metrics_store.build.tested_definitions import telling_what_was_tested
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import artifacts_directory
from metrics_store.project.dbt_command import run_dbt
from metrics_store.warehouse.adapters.schema_generations import live_artifacts, new_token

if TYPE_CHECKING:
    from metrics_store.build.build_options import BuildOptions
    from metrics_store.project.profile import Target

_PROCESS = "metrics_store.build.spark.generation_process"


def build_spark(target: Target, options: BuildOptions) -> str:
    """Run `dbt build` into schemas beside the live ones, and publish them if it succeeds.

    What fails or is killed leaves what is live as it was; the next build clears away what it left.

    Returns:
        What was built and where, for people.

    Raises:
        MetricsStoreError: Another build of this project runs, or dbt did not succeed.
    """
    artifacts = artifacts_directory(target)
    artifacts.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(artifacts / ".build.lock", timeout=0):
            _build(target, options)
    except Timeout:
        raise MetricsStoreError(
            "another build of this target runs",
            where=f"target {target.name}",
            remedy="wait until it is done and run this again",
        ) from None
    publish_manifests(live_artifacts(target), target)
    return f"built target {target.name}"


def _build(target: Target, options: BuildOptions) -> None:
    made = artifacts_directory(target) / "build"
    arguments = ["--target", target.name, "--target-path", str(made), *options.dbt_arguments()]
    with telling_what_was_tested(target.project_directory, live_artifacts(target), options):
        try:
            run_dbt(
                ["build", *arguments],
                project_directory=target.project_directory,
                environment={BUILD_VARIABLE: new_token()},
                quiet=options.quiet,
                module=_PROCESS,
            )
        except MetricsStoreError as error:
            raise failed_build(
                error,
                ", so nothing was published: what is live is as it was",
                f"target {target.name}",
            ) from error
