"""`metrics golden`: certified metrics against their golden files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from metrics_store.cli.requests.name_completion import complete_metrics
from metrics_store.cli.target_option import target_option
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.project.profile import Target
    from metrics_store.query.metric_store import MetricStore


@click.command()
@click.argument("metrics", nargs=-1, metavar="[METRIC]...", shell_complete=complete_metrics)
@click.option("--update", is_flag=True, help="Renew the answers, to be seen in the diff.")
@click.option("--live", is_flag=True, help="Ask what is live, and build nothing.")
@click.option(
    "--data",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A DuckDB file with the raw tables to build on, in place of what review.yml names.",
)
@target_option
def golden(
    *,
    metrics: tuple[str, ...],
    update: bool,
    live: bool,
    data: Path | None,
    target: str | None,
) -> None:
    """Hold certified metrics against their golden values; with METRIC, only these.

    Golden values are questions with known answers, in golden/*.yml of the dbt project. They are
    asked of the definitions as they are now, built on the data that review.yml names, past all
    policies. A metric that has none gets its total, its values by time and its example by
    --update; more questions are written by hand.

    \b
    Exit codes: 0 all is as it was; 1 something is not.
    """  # noqa: D301 - click reads the sign
    if live and data is not None:
        raise click.UsageError("--live builds nothing; leave --data out")
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.metric_store import open_store

    project = find_project_directory()
    found = load_target(project, target)
    store = open_store(found if live else _built(found, data))
    if update:
        _update(project, store, metrics)
    else:
        _check(project, store, metrics)


def _built(target: Target, data: Path | None) -> Target:
    """Build the project as it stands, uncommitted changes too; kept for the next time."""
    from metrics_store.review.builds.duckdb_build import built
    from metrics_store.review.builds.golden_target import golden_target
    from metrics_store.review.builds.review_data import find_data
    from metrics_store.review.revisions.revision import resolve
    from metrics_store.review.revisions.revision_artifacts import artifacts_of
    from metrics_store.review.settings import FILE

    chosen = golden_target(target)
    if chosen is not None and chosen != target:
        click.echo(f"asking the target {chosen.name}, on the data of {FILE}", err=True)
        target = chosen
    click.echo("building the definitions as they stand ...", err=True)
    artifacts = artifacts_of(resolve(None, target.project_directory), target)
    return built(artifacts, find_data(artifacts, target, data), target)


def _check(project: Path, store: MetricStore, metrics: tuple[str, ...]) -> None:
    from metrics_store.review.golden.golden_check import check_golden

    drifts = check_golden(project, store, metrics)
    for drift in drifts:
        click.echo(drift.sentence())
    if drifts:
        raise MetricsStoreError(
            f"{len(drifts)} golden values are not as they were",
            remedy="mend the metrics; where they are meant to change, run "
            "`metrics golden --update` and commit what it writes",
        )
    click.echo("the golden values are as they were")


def _update(project: Path, store: MetricStore, metrics: tuple[str, ...]) -> None:
    from metrics_store.review.golden.golden_update import update_golden

    renewed = update_golden(project, store, metrics)
    for name in renewed.dropped:
        click.echo(f"dropped {name}: it is no certified metric any more")
    for name in renewed.added:
        click.echo(f"added {name}")
    for path in renewed.files:
        click.echo(f"wrote {path}" if (project / path).exists() else f"removed {path}")
    if not renewed.files:
        click.echo("the golden values are as they were")
