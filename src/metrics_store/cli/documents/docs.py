"""`metrics docs`: the catalogue as a static site."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.catalogue.site.content.version_history import HistoryEntry
    from metrics_store.cli.requests.engine_session import EngineSession

DEFAULT_OUTPUT = Path("target") / "metrics_docs"


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=f"Where the site goes; by default {DEFAULT_OUTPUT} in the project.",
)
@click.option(
    "--history/--no-history",
    default=True,
    show_default=True,
    help="Whether each metric's page tells from git how it changed.",
)
@target_option
def docs(*, output: Path | None, history: bool, target: str | None) -> None:
    """Write a site of the catalogue: every metric with its meaning, lineage and real values.

    It needs no server and no network: open its index.html. The values are those of the target's
    warehouse, as the people at this machine may see them. The history reads every state of the
    definitions in git once, which takes dbt some seconds each, and keeps it for the next time.
    """
    from metrics_store.catalogue.site.site_directory import require_own_directory, write_site
    from metrics_store.catalogue.site.site_files import site_files
    from metrics_store.cli.requests.engine_session import open_session
    from metrics_store.project.location import find_project_directory

    directory = (output or find_project_directory() / DEFAULT_OUTPUT).absolute()
    require_own_directory(directory)
    click.echo("asking the metrics ...", err=True)
    with open_session(target) as session:
        subject = read_subject(session, target)
        if history:
            subject = dataclasses.replace(subject, history=_history(target))
        files = site_files(subject)
    write_site(directory, files)
    size = sum(len(text.encode()) for text in files.values()) / 1e6
    click.echo(f"wrote {len(files)} files, {size:.1f} MB: {len(subject.metrics)} metrics")
    click.echo(f"open {directory / 'index.html'}")


def _history(target: str | None) -> dict[str, list[HistoryEntry]]:
    """Give each metric's changes, the newest first; empty where the project is in no repository."""
    from metrics_store.cli.review.definition_history import read_history
    from metrics_store.errors import MetricsStoreError
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.review.report.history_report import site_history
    from metrics_store.review.versions.metric_history import all_events

    try:
        chosen = load_target(find_project_directory(), target)
        steps = read_history(chosen)
    except MetricsStoreError as error:
        click.echo(f"without history: {error.what}", err=True)
        return {}
    return site_history(all_events(steps))


def read_subject(session: EngineSession, target: str | None) -> Subject:
    """Read what the site of the project here is about; `history` is the caller's to add.

    Args:
        session: The engine, used as the principal of this machine.
        target: The target of the profile; none for its own.

    Raises:
        MetricsStoreError: Nothing is built, or what is there cannot be read.
    """
    from metrics_store.access.policies.policies import Policies
    from metrics_store.catalogue.settings import read_settings
    from metrics_store.catalogue.site.content.data_facts import DataFacts
    from metrics_store.catalogue.site.content.dbt_relations import read_relations
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.project.artifacts import SEMANTIC_MANIFEST, read_manifest
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.manifest_reader import read_semantic_manifest
    from metrics_store.warehouse.live_warehouse import find_live_warehouse

    project = find_project_directory()
    artifacts = find_live_warehouse(load_target(project, target)).artifacts
    manifest = read_manifest(artifacts)
    definitions = read_semantic_manifest(artifacts / SEMANTIC_MANIFEST)
    return Subject(
        name=manifest["metadata"].get("project_name") or project.name,
        client=session,
        manifest=definitions,
        relations=read_relations(manifest),
        policies=Policies.load(project, definitions),
        settings=read_settings(project / "docs" / "metrics.yml"),
        facts=DataFacts.of(manifest, session.engine.data_version, session.engine.table_comments()),
    )
