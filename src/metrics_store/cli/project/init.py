"""`metrics init`: make a project."""

from __future__ import annotations

from pathlib import Path

import click

_NEXT = """
Next:
{change}  metrics demo               # on demo data: load, build, and some answers; a few minutes
  metrics load SOURCE DIR    # your own data; README.md says what a source is
  metrics build
  metrics list               # what can be asked

Keep the project in git, .template too: `metrics upgrade` and `metrics diff` compare with what was.
README.md says what is where."""


@click.command()
@click.argument("directory", type=click.Path(path_type=Path))
def init(directory: Path) -> None:
    """Make a dbt project in DIRECTORY, with all definitions that this package carries.

    The directory is made where it is missing; one that is not empty is left alone. All files in it
    are yours to change; `metrics upgrade` brings in what later versions change.
    """
    from metrics_store.project_template.project_creation import create_project
    from metrics_store.version import __version__

    count = create_project(directory)
    click.echo(f"made {directory}: {count} files, as metrics-store {__version__} has them")
    is_here = directory.resolve() == Path.cwd()
    click.echo(_NEXT.format(change="" if is_here else f"  cd {directory}\n"))
