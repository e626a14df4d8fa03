"""Builds the embedded warehouse in a copy of the live one, and publishes the copy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metrics_store.build.build_errors import failed_build
from metrics_store.build.default_manifests import publish_manifests
from metrics_store.build.derived_profile import derived_profile
from metrics_store.build.parsed_project import keep_parsed_project, renew_environment
from metrics_store.build.rollup_check import check_rollups, vouched_names
from metrics_store.build.tested_definitions import telling_what_was_tested
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.dbt_command import run_dbt
from metrics_store.warehouse.embedded.files_in_place import require_unchanged
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.embedded.provenance import note_rollups

if TYPE_CHECKING:
    from metrics_store.build.build_options import BuildOptions
    from metrics_store.project.profile import Target


def _require_local_file(target: Target) -> None:
    path = str(target.settings.get("path", ":memory:"))
    if path.startswith(":") or re.match(r"[a-z0-9]+:", path):
        raise MetricsStoreError(
            f"the target {target.name} keeps its data in no local file",
            where=f"profiles.yml, path: {path}",
            expected="the path of a DuckDB file",
        )


def build_embedded(target: Target, options: BuildOptions) -> str:
    """Run `dbt build` on a copy of the live database and publish the copy if it succeeds.

    Returns:
        What was published and where, for people.

    Raises:
        MetricsStoreError: dbt did not succeed, or the warehouse cannot be copied or published. The
            live warehouse stays as it was.
    """
    _require_local_file(target)
    warehouse = Warehouse(target.duckdb_path)
    with (
        warehouse.next_generation() as generation,
        telling_what_was_tested(target.project_directory, generation.artifacts, options),
    ):
        # The copy carries the last build's artifacts; compiled models of that are not ours.
        keep_parsed_project(generation.artifacts)
        require_unchanged(generation.database)
        with derived_profile(target, generation) as profiles_directory:
            paths = [
                "--profiles-dir",
                str(profiles_directory),
                "--target-path",
                str(generation.artifacts.resolve()),
            ]
            try:
                run_dbt(
                    ["build", "--target", target.name, *paths, *options.dbt_arguments()],
                    project_directory=target.project_directory,
                    quiet=options.quiet,
                )
            except MetricsStoreError as error:
                raise failed_build(
                    error,
                    ", so nothing was published: the live warehouse is as it was",
                    str(target.duckdb_path),
                ) from error
        require_unchanged(generation.database)
        renew_environment(generation.artifacts)
        check_rollups(generation.artifacts, "duckdb")
        note_rollups(
            generation.database,
            vouched_names(generation.artifacts),
            (generation.artifacts / SEMANTIC_MANIFEST).read_bytes(),
        )
    publish_manifests(generation.artifacts, target)
    return f"published {target.duckdb_path} (generation {generation.directory.name})"
