"""`metrics list`: what can be asked."""

from __future__ import annotations

import click

from metrics_store.cli.options import target_option

# Labels stand in one column; the few names that are longer push theirs to the right.
NAME_WIDTH = 44


@click.command("list")
@click.argument("metric", required=False)
@click.option("--search", default="", help="Only metrics that have this word.")
@target_option
def list_(*, metric: str | None, search: str, target: str | None) -> None:
    """List the metrics; with METRIC, what it means and what it can be grouped by."""
    from rich.console import Console
    from rich.table import Table

    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.catalogue import find_metric, list_metrics
    from metrics_store.query.store import open_store

    planner = open_store(load_target(find_project_directory(), target)).planner
    if metric is None:
        entries = list_metrics(planner, search)
        for entry in entries:
            click.echo(f"{entry.name:<{NAME_WIDTH}}  {entry.label}".rstrip())
        click.echo(f"{len(entries)} metrics; `metrics list METRIC` says what one means")
        return
    console = Console(highlight=False, markup=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    entry = find_metric(planner, metric)
    console.print(f"{entry.name}: {entry.label}\n\n{entry.description.strip()}\n\nGroup by:")
    for name, description in planner.group_bys(metric).items():
        table.add_row(f"  {name}", description)
    console.print(table)
