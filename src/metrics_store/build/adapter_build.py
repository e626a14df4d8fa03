"""Builds a warehouse of any other kind where it lives, and publishes its definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.build.build_errors import failed_build
from metrics_store.build.default_manifests import publish_manifests
from metrics_store.build.parsed_project import renew_environment
from metrics_store.build.rollup_check import check_rollups
from metrics_store.build.tested_definitions import telling_what_was_tested
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import artifacts_directory, copy_manifests
from metrics_store.project.dbt_command import run_dbt

if TYPE_CHECKING:
    from metrics_store.build.build_options import BuildOptions
    from metrics_store.project.profile import Target


def build_by_adapter(target: Target, options: BuildOptions) -> str:
    """Run `dbt build` in the live schemas, and publish the definitions if it succeeds.

    Nothing is put beside what is live: readers see tables as dbt makes them anew, one by one, under
    the definitions of the last build that succeeded.

    Returns:
        What was built and where, for people.

    Raises:
        MetricsStoreError: dbt did not succeed.
    """
    artifacts = artifacts_directory(target)
    made = artifacts / "build"
    with telling_what_was_tested(target.project_directory, artifacts, options):
        try:
            run_dbt(
                [
                    "build",
                    *("--target", target.name, "--target-path", str(made)),
                    *options.dbt_arguments(),
                ],
                project_directory=target.project_directory,
                quiet=options.quiet,
            )
        except MetricsStoreError as error:
            raise failed_build(
                error,
                "; tables that were made before it stopped are live already",
                f"target {target.name}, schema {target.settings.get('schema')}",
            ) from error
        renew_environment(made)
    check_rollups(made, target.adapter_type)
    copy_manifests(made, artifacts)
    publish_manifests(artifacts, target)
    return f"built schema {target.settings.get('schema')} of target {target.name}"
