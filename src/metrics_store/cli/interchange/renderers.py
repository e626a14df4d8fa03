"""`metrics export snowflake`, `databricks`, `lookml` and `dictionary`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from metrics_store.interchange.renderers.rendered_export import RenderedExport

    Renderer = Callable[[SemanticLayer, str], RenderedExport]


def _command(command: Callable[..., Any]) -> click.Command:
    """Make a command of a function: each takes a directory, --check and a target."""
    command = target_option(command)
    command = click.option(
        "--check", is_flag=True, help="Write nothing; fail where a file is stale."
    )(command)
    directory = click.Path(path_type=Path, file_okay=False)
    return click.command()(click.argument("directory", type=directory)(command))


@_command
def snowflake(*, directory: Path, check: bool, target: str | None) -> None:
    """Write the definitions to DIRECTORY as a semantic view of Snowflake, by its SQL."""
    from metrics_store.interchange.renderers.snowflake_view import snowflake_view

    _export(snowflake_view, directory, target, check=check)


@_command
def databricks(*, directory: Path, check: bool, target: str | None) -> None:
    """Write the definitions to DIRECTORY as metric views of Databricks, in YAML 1.1."""
    from metrics_store.interchange.renderers.databricks_views import databricks_views

    _export(databricks_views, directory, target, check=check)


@_command
def lookml(*, directory: Path, check: bool, target: str | None) -> None:
    """Write the definitions to DIRECTORY as LookML: views with measures, and explores."""
    from metrics_store.interchange.renderers.lookml_views import lookml_views

    _export(lookml_views, directory, target, check=check)


@_command
def dictionary(*, directory: Path, check: bool, target: str | None) -> None:
    """Write what each metric, dimension and entity means to DIRECTORY as CSV.

    For Tableau, Power BI and people, who read words and no definitions.
    """
    from metrics_store.interchange.renderers.csv_dictionary import csv_dictionary

    _export(csv_dictionary, directory, target, check=check)


def _export(render: Renderer, directory: Path, target: str | None, *, check: bool) -> None:
    from metrics_store.cli.interchange.report import print_unsaid
    from metrics_store.interchange.exported_project import parse_exported_project
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target

    click.echo("reading the project ...", err=True)
    project = parse_exported_project(load_target(find_project_directory(), target))
    rendered = render(project.layer, project.name)
    files = rendered.in_directory(directory)
    if check:
        files.check(f"run `metrics export {rendered.command} {directory}`")
    else:
        for path in files.write():
            click.echo(f"{'wrote' if path.exists() else 'removed'} {path}")
    click.echo(f"{len(rendered.said)} metrics are in {rendered.tool}")
    print_unsaid(rendered.unsaid, "it cannot say, and are left out")
    print_unsaid(rendered.notes, "differ in it")
