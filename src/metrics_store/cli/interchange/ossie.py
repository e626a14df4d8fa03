"""`metrics export ossie` and `metrics import ossie`."""

from __future__ import annotations

from pathlib import Path

import click

from metrics_store.cli.target_option import target_option

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("ossie")
@click.argument("file", type=_FILE)
@click.option(
    "--ossie-version",
    "number",
    type=click.Choice(["0.1.1", "0.2.0.dev0"]),
    default="0.2.0.dev0",
    show_default=True,
    help="0.1.1 is the one that dbt 1.12 reads.",
)
@click.option("--check", is_flag=True, help="Write nothing; say what is wrong with FILE.")
@target_option
def export_ossie(*, file: Path, number: str, check: bool, target: str | None) -> None:
    """Write the definitions to FILE as an Ossie (OSI) document, in JSON.

    What Ossie has no words for stands in custom extensions, so that `metrics import ossie` gives
    the same definitions back. With --check, FILE may be anybody's document, JSON or YAML.
    """
    from metrics_store.interchange.ossie.ossie_versions import VERSIONS

    if check:
        _check(file)
        return
    from metrics_store.cli.interchange.report import print_unsaid
    from metrics_store.interchange.exported_project import parse_exported_project
    from metrics_store.interchange.ossie.document_writer import write_document
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target

    click.echo("reading the project ...", err=True)
    project = parse_exported_project(load_target(find_project_directory(), target))
    written = write_document(project, VERSIONS[number])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written.text, encoding="utf-8")
    click.echo(f"wrote {file}: {written.metrics} metrics that Ossie {number} can say")
    if project.policies:
        click.echo("its extensions hold the policies of access.yml: take care who reads it")
    print_unsaid(written.unsaid, "its core cannot say; they stand in an extension")


def _check(file: Path) -> None:
    from metrics_store.interchange.ossie.checks.ossie_check import checked_document

    document, version = checked_document(file)
    models = document["semantic_model"]
    metrics = sum(len(model.get("metrics", ())) for model in models)
    datasets = sum(len(model["datasets"]) for model in models)
    click.echo(f"{file} is right as Ossie {version.number}: {datasets} datasets, {metrics} metrics")


@click.command("ossie")
@click.argument("file", type=_FILE)
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--replace", is_flag=True, help="Write over files that are there.")
def import_ossie(*, file: Path, directory: Path, replace: bool) -> None:
    """Write the definitions in FILE, an Ossie document, into DIRECTORY as dbt's YAML.

    DIRECTORY is one of a dbt project's model paths, or stands below one; the tables of the
    definitions are models of that project. Policies become an `access.yml` in DIRECTORY, to be
    moved beside `dbt_project.yml` once they are read.
    """
    from metrics_store.interchange.ossie.checks.ossie_check import checked_document
    from metrics_store.interchange.ossie.document_reader import read_definitions
    from metrics_store.interchange.properties.property_files import definition_files, write_files

    document, _ = checked_document(file)
    read = read_definitions(document)
    files = definition_files(read.by_part, read.policies)
    for path in write_files(directory, files, replace=replace):
        click.echo(f"wrote {path}")
    counts = (len(read.semantic_models), len(read.metrics), len(read.saved_queries))
    click.echo("{} semantic models, {} metrics, {} saved queries".format(*counts))
    for spine in read.time_spines:
        grains = ", ".join([spine["grain"], *spine.get("custom_grains", ())])
        click.echo(f"needs the time spine {spine['table']}: {spine['column']}, {grains}")
    for note in read.notes:
        click.echo(note)
