"""`metrics fields`: custom fields become dimensions of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from pathlib import Path


@click.group(invoke_without_command=True)
@click.option("--check", is_flag=True, help="Write nothing; fail where a file is stale.")
@target_option
@click.pass_context
def fields(context: click.Context, *, check: bool, target: str | None) -> None:
    """Write what makes the fields of var `custom_fields` dimensions and metrics.

    MetricFlow's definitions are YAML that dbt fills in nowhere else than in its values, so that a
    list cannot make dimensions by itself: this writes them, with each column's contract, into
    `models/fields`. Commit them as what `metrics exports` writes.
    """
    if context.invoked_subcommand:
        return
    from metrics_store.errors import MetricsStoreError
    from metrics_store.project.location import find_project_directory, model_directory
    from metrics_store.project.profile import load_target

    project = find_project_directory()
    chosen = load_target(project, target)
    directory = model_directory(project) / "fields"
    from metrics_store.fields.field_project import wanted_files

    files = wanted_files(chosen, directory, check=check)
    stale = files.stale()
    if check and stale:
        raise MetricsStoreError(
            "the definitions of custom fields are not those of var custom_fields",
            where=", ".join(str(path.relative_to(project)) for path in stale),
            remedy="run `metrics fields` and commit what it writes",
        )
    if not check:
        files.write()
    _say(stale, project)
    count = len(files.wanted)
    click.echo(f"{count} model{'' if count == 1 else 's'} of custom fields, up to date")


def _say(touched: list[Path], project: Path) -> None:
    for path in touched:
        click.echo(f"{'wrote' if path.exists() else 'removed'} {path.relative_to(project)}")


@fields.command()
@target_option
def suggest(target: str | None) -> None:
    """Show the columns of the raw tables, and keys of their rows, that could become custom fields.

    Those that people could group by, or add up, come as lines for var `custom_fields`.
    """
    from metrics_store.fields.suggested_fields import suggested_fields
    from metrics_store.project.artifacts import parse_project, read_manifest
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target

    chosen = load_target(find_project_directory(), target)
    found = suggested_fields(read_manifest(parse_project(chosen)), chosen)
    if not found:
        click.echo("the raw tables have no columns that the store does not know")
        return
    for one in found:
        values = f"{one.distinct} value{'' if one.distinct == 1 else 's'}"
        shown = f": {', '.join(one.examples)}" if one.examples else ""
        label = f" ({one.label})" if one.label else ""
        filled = f"{one.share:.0%} filled"
        click.echo(f"{one.table}.{one.name}{label}: {one.type}, {filled}, {values}{shown}")
    worth = [one for one in found if one.is_worth_it]
    if worth:
        click.echo("\ncustom_fields:")
    for entity in dict.fromkeys(one.entity for one in worth):
        click.echo(f"  {entity}:")
        for one in worth:
            if one.entity == entity:
                click.echo(f"    - {one.line}")
