"""`metrics backup`: the whole embedded warehouse in one file."""

from __future__ import annotations

from pathlib import Path

import click

from metrics_store.cli.target_option import target_option


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the file if there is one.")
@target_option
def backup(file: Path, target: str | None, *, replace: bool) -> None:
    """Keep what is live in FILE: raw data, snapshots, marts and the definitions of them.

    Every table is read on the way, and the file is read back and compared, before it gets its
    name. Others may read and build meanwhile. `metrics restore FILE` brings it back.
    """
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.warehouse.embedded.backup_file import back_up
    from metrics_store.warehouse.embedded.generations import Warehouse
    from metrics_store.warehouse.postgres.server_backup import require_embedded

    chosen = load_target(find_project_directory(), target)
    require_embedded(chosen)
    contents = back_up(Warehouse(chosen.duckdb_path), file, replace=replace)
    click.echo(f"backed up {chosen.duckdb_path} to {file}: {contents}; read back, and the same")
