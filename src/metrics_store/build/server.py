"""Build a PostgreSQL warehouse in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.build.manifests import copy_manifests
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import artifacts_directory
from metrics_store.project.dbt_command import run_dbt
from metrics_store.warehouse.postgres import exclusive_writer

if TYPE_CHECKING:
    from metrics_store.build.options import BuildOptions
    from metrics_store.project.profile import Target


def build_server(target: Target, options: BuildOptions) -> str:
    """Run `dbt build` on the server; no other build of the same schema may run meanwhile.

    Returns:
        What was built and where, for people.

    Raises:
        MetricsStoreError: The server cannot be reached, another build runs, or dbt did not succeed.
    """
    artifacts = artifacts_directory(target)
    # dbt works in a directory of its own: readers see the manifests of builds that succeeded.
    workplace = artifacts / "build"
    schema = target.settings.get("schema")
    with exclusive_writer(target):
        try:
            run_dbt(
                [
                    "build",
                    "--target",
                    target.name,
                    "--target-path",
                    str(workplace),
                    *options.dbt_arguments(),
                ],
                project_directory=target.project_directory,
                quiet=options.quiet,
            )
        except MetricsStoreError as error:
            raise MetricsStoreError(
                f"{error.what}; what it finished before that stands in the database",
                where=f"target {target.name}, schema {schema}",
                expected="every model builds and every test passes, but for warnings",
                remedy="mend what dbt names above and run `metrics build` again",
            ) from error
        copy_manifests(workplace, artifacts)
        copy_manifests(workplace, target.project_directory / "target")
    return f"built schema {schema} of target {target.name}"
