"""`metrics export cube`: the definitions as Cube's data model."""

from __future__ import annotations

from pathlib import Path

import click

from metrics_store.cli.target_option import target_option


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "javascript"]),
    default="yaml",
    show_default=True,
    help="YAML for today's Cube; JavaScript for Cube 0.31 and later.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail where a file is stale.")
@target_option
def cube(*, directory: Path, form: str, check: bool, target: str | None) -> None:
    """Write the definitions as a data model of Cube into DIRECTORY, such as model/.

    Each semantic model with metrics becomes a view, with members called as `metrics serve` calls
    them. report.md names the metrics that Cube cannot say, and why. Tables are named as they are
    in the target's warehouse.
    """
    from metrics_store.cli.interchange.read_definitions import read_definitions
    from metrics_store.cli.interchange.report import print_unsaid
    from metrics_store.interchange.cube.model_files import exported_model, model_files

    model = exported_model(read_definitions(target), form)
    files = model_files(model, form, directory)
    if check:
        files.check(f"run `metrics export cube {directory} --format {form}`")
    else:
        for path in files.write():
            click.echo(f"{'wrote' if path.exists() else 'removed'} {path}")
    click.echo(f"{len(model.metrics)} metrics in {len(model.views)} views")
    print_unsaid({one.name: one.reason for one in model.left_out}, "Cube cannot say are left out")
