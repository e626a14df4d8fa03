"""`metrics catalogue`: all metrics in one file, each with a real answer."""

from __future__ import annotations

import click

from metrics_store.cli.target_option import target_option


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where the file is stale.")
@target_option
def catalogue(*, check: bool, target: str | None) -> None:
    """Write docs/metrics.md: what each metric means, how it is worked out, and a real answer.

    A metric's example is its newest periods, or what its config.meta.example asks: group_by,
    order_by, limit. The answers come from the target's warehouse. What stands above the metrics,
    and the day with which the examples end, is in docs/metrics.yml.
    """
    from metrics_store.catalogue.catalogue_entries import read_catalogue
    from metrics_store.catalogue.markdown_page import as_markdown
    from metrics_store.catalogue.settings import read_settings
    from metrics_store.cli.documents.generated_files import keep_up_to_date
    from metrics_store.project.artifacts import SEMANTIC_MANIFEST, parse_project, read_manifest
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.manifest_reader import read_semantic_manifest
    from metrics_store.query.metric_store import open_store
    from metrics_store.query.planner import Planner

    project = find_project_directory()
    chosen = load_target(project, target)
    settings = read_settings(project / "docs" / "metrics.yml")
    store = open_store(chosen)
    click.echo("reading the project and asking the metrics ...", err=True)
    artifacts = parse_project(chosen)
    planner = Planner(read_semantic_manifest(artifacts / SEMANTIC_MANIFEST), chosen.adapter_type)
    described = read_catalogue(planner, read_manifest(artifacts), store, settings.end_time)
    keep_up_to_date(
        project / "docs" / "metrics.md",
        as_markdown(described, settings),
        project=project,
        check=check,
        what="the catalogue",
        metrics=len(described.entries),
        remedy="run `metrics catalogue` on the data that it was made of, and commit what it writes",
    )
