"""`metrics alerts`: what the alerts found, shown and posted."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from metrics_store.cli.target_option import target_option


@click.command()
@click.option(
    "--webhook",
    metavar="URL",
    envvar="METRICS_STORE_ALERT_WEBHOOK",
    show_envvar=True,
    help="Post new alerts there. The variable keeps the address out of lists of processes.",
)
@click.option(
    "--format",
    "body_format",
    type=click.Choice(["json", "slack"]),
    default="json",
    envvar="METRICS_STORE_ALERT_FORMAT",
    show_envvar=True,
    show_default=True,
    help="What the webhook takes.",
)
@click.option(
    "--incidents",
    "incidents_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File that remembers what was posted; by default beside the warehouse.",
)
@click.option("--fail", is_flag=True, help="Exit with 1 where an alert is open.")
@target_option
def alerts(
    *,
    webhook: str | None,
    body_format: str,
    incidents_file: Path | None,
    fail: bool,
    target: str | None,
) -> None:
    """Show what the alerts found in the last build, and post what is new.

    An alert is a dbt test with the tag `alert` that stores its failures. With a webhook each
    incident is posted once: not again before it was gone.
    """
    import pyarrow as pa

    from metrics_store.alerts.alert_reader import read_alerts
    from metrics_store.alerts.incident_posts import post_new
    from metrics_store.alerts.incidents import IncidentFile, default_file
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.output.text_formats import as_table
    from metrics_store.warehouse.live_warehouse import find_live_warehouse

    chosen = load_target(find_project_directory(), target)
    names, found = read_alerts(find_live_warehouse(chosen))
    if found:
        click.echo(as_table(pa.Table.from_pylist([vars(alert) for alert in found])))
    click.echo(f"{len(found)} open, of {len(names)} alerts that are watched")
    if webhook:
        file = IncidentFile(incidents_file or default_file(chosen))
        posted = post_new(found, file, url=webhook, body_format=body_format, target=chosen.name)
        click.echo(f"{posted} posted; {len(found) - posted} were posted before")
    if fail and found:
        sys.exit(1)
