"""`metrics cube check`: a running Cube server and this engine, asked the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from metrics_store.interchange.cube.parity.parity_check import Findings

_SHOWN = 20


@click.group()
def cube() -> None:
    """Compare with Cube. To write a data model for it: `metrics export cube`."""


@cube.command()
@click.argument("url")
@click.option(
    "--token",
    envvar="METRICS_STORE_CUBE_TOKEN",
    default="",
    help="What the server knows you by, a JSON Web Token (METRICS_STORE_CUBE_TOKEN).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "javascript"]),
    default="yaml",
    show_default=True,
    help="The format in which the server has its data model.",
)
@click.option(
    "--metric", "metrics", multiple=True, metavar="NAME", help="Ask this one only; may be repeated."
)
@target_option
def check(*, url: str, token: str, form: str, metrics: tuple[str, ...], target: str | None) -> None:
    """Ask the Cube server at URL and this engine the same, and print what differs.

    The server has the data model of `metrics export cube`, over the same warehouse. Each of its
    metrics is asked in all, by each dimension, by time in each grain, and with filters.
    """
    from metrics_store import connect
    from metrics_store.cli.interchange.read_definitions import read_definitions
    from metrics_store.interchange.cube.model_files import exported_model
    from metrics_store.interchange.cube.parity.cube_answers import CubeAnswers
    from metrics_store.interchange.cube.parity.parity_check import ParityCheck

    layer = read_definitions(target)
    model = exported_model(layer, form).of_metrics(metrics)
    server = CubeAnswers.at(url, token)
    with connect(target=target) as connection:
        findings = ParityCheck(layer, model, connection, server).run(
            lambda view: click.echo(f"asking {view} ...", err=True)
        )
    for one in model.left_out:
        click.echo(f"not in Cube: {one.name}: {one.reason}")
    _print(findings)
    if not findings.is_clean:
        raise click.exceptions.Exit(1)


def _print(findings: Findings) -> None:
    from metrics_store.interchange.cube.parity.parity_questions import MOST_ROWS

    for name in findings.missing:
        click.echo(f"not on this server: {name}")
    for question, reason in findings.refused.items():
        click.echo(f"not answered: {question}: {reason}")
    for question in findings.cut:
        click.echo(f"not compared, as Cube gives {MOST_ROWS} rows at most: {question}")
    for differences in findings.differences.values():
        for one in differences[:_SHOWN]:
            click.echo(f"differs: {one}")
        if len(differences) > _SHOWN:
            click.echo(f"  and {len(differences) - _SHOWN} more groups of the same question")
    metrics = Counter(one.split(" ")[0] for one in findings.equal)
    click.echo(
        f"{len(findings.equal)} questions of {len(metrics)} metrics are answered the same, "
        f"{len(findings.differences)} differ, {len(findings.refused)} are not answered"
    )
