"""`metrics restore`: restores a backup, or the generation before the live one."""

from __future__ import annotations

from pathlib import Path

import click

from metrics_store.cli.target_option import target_option


@click.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--previous", is_flag=True, help="Bring back the generation before the live one.")
@target_option
def restore(file: Path | None, target: str | None, *, previous: bool) -> None:
    """Make what FILE holds live, which `metrics backup` wrote; or, by --previous, what was before.

    Nothing changes before all of it is known to be whole; then it takes the place of what is live
    at once, and readers go on. What was live stays until the next build, as the generation before.
    """
    if (file is None) != previous:
        raise click.UsageError("name a FILE, or --previous, and not both")
    from metrics_store.build.default_manifests import publish_manifests
    from metrics_store.project.artifacts import SEMANTIC_MANIFEST
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.warehouse.embedded.backup_file import restore as bring_back
    from metrics_store.warehouse.embedded.backup_file import restore_previous
    from metrics_store.warehouse.embedded.generations import Warehouse
    from metrics_store.warehouse.postgres.server_backup import require_embedded

    chosen = load_target(find_project_directory(), target)
    require_embedded(chosen)
    warehouse = Warehouse(chosen.duckdb_path)
    if file is None:
        generation = restore_previous(warehouse)
        what = f"the generation {generation.directory.name}"
    else:
        contents, generation = bring_back(warehouse, file)
        what = f"{file} of {contents.created}: {contents}"
    if (generation.artifacts / SEMANTIC_MANIFEST).exists():
        publish_manifests(generation.artifacts, chosen)
    click.echo(f"restored {chosen.duckdb_path} from {what}")
