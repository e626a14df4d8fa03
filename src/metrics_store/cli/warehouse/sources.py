"""`metrics sources`: the raw tables of the dbt sources, as they lie in the warehouse."""

from __future__ import annotations

import contextlib

import click

from metrics_store.cli.target_option import target_option


@click.group()
def sources() -> None:
    """Look at the raw tables of the project's sources."""


@sources.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@target_option
def check(names: tuple[str, ...], *, target: str | None) -> None:
    """Say what the raw tables hold of what the sources declare, whoever landed them.

    Table by table: under which name it was found, how fresh it is, which columns it has and how
    they are spelled, what is missing and what is empty for it. What is compulsory is what `metrics
    load` asks for. It fails where something compulsory is missing, or rows break the contract. A
    source without any table is not used, unless it is named here.
    """
    from metrics_store.errors import MetricsStoreError
    from metrics_store.load.contracts.contract_reader import read_source, source_names
    from metrics_store.load.landed.source_check import check_source
    from metrics_store.load.landed.source_report import finding_lines
    from metrics_store.project.artifacts import parse_project, read_manifest
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.warehouse.live_warehouse import find_live_warehouse

    chosen = load_target(find_project_directory(), target)
    if chosen.adapter_type not in ("duckdb", "postgres"):
        raise MetricsStoreError(
            f"the target {chosen.name} is of type {chosen.adapter_type}",
            expected="a target of type duckdb or postgres",
        )
    manifest = read_manifest(parse_project(chosen))
    asked = [read_source(manifest, name) for name in names or source_names(manifest)]
    with contextlib.closing(find_live_warehouse(chosen).executor()) as executor:
        findings = [check_source(source, executor) for source in asked]
    none_is_used = not any(finding.is_used for finding in findings)
    problems: list[str] = []
    for finding in findings:
        click.secho(finding.source.name, bold=True)
        if not finding.is_used and not names and not none_is_used:
            click.echo("  not used: none of its tables is there")
            continue
        problems += finding.problems
        for table in finding.tables:
            for line in finding_lines(table):
                click.echo(f"  {line}")
    if problems:
        raise MetricsStoreError(
            f"the raw tables are not as the sources declare them: {problems[0]}"
            + (f", and {len(problems) - 1} more" if len(problems) > 1 else ""),
            where=f"target {chosen.name}",
            remedy="have the tool that lands them bring what is missing; where they lie elsewhere, "
            "set the source's schema and the tables' identifiers",
        )
    click.echo("nothing compulsory is missing")
