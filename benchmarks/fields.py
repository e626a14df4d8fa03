"""What custom fields cost: a full build with fifty of them against one without, on the same data.

Demo data gets fifty columns more in Salesforce's opportunities: texts of few and of many values,
numbers, amounts, booleans and dates. Rounds go by turns, and the fastest of each side counts. On a
machine that others use, go by the seconds of CPU.

    python benchmarks/fields.py --scale 1
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import click
import duckdb

import build
from metrics_store.demo.demo_calendar import LAST_DAY
from metrics_store.project_template.project_creation import create_project

# Of each kind the SQL of its values, from the number of the row.
KINDS = {
    "text": "'value ' || (row_number() over () % 12)",
    "number": "(row_number() over () * 7 % 1000) / 4.0",
    "amount": "(row_number() over () * 13 % 100000)",
    "boolean": "row_number() over () % 3 = 0",
    "date": "date '2024-01-01' + cast(row_number() over () % 400 as integer)",
}


def _add_columns(warehouse: Path, count: int) -> list[tuple[str, str]]:
    """Add columns to the raw opportunities; gives the name and type of each."""
    kinds = list(KINDS)
    fields = [(f"Field_{number}__c", kinds[number % len(kinds)]) for number in range(count)]
    added = ", ".join(f'{KINDS[kind]} as "{name}"' for name, kind in fields)
    with duckdb.connect(str(warehouse.resolve())) as connection:
        connection.execute(
            f"create or replace table raw_salesforce.opportunity as "  # noqa: S608 - our own names
            f"select *, {added} from raw_salesforce.opportunity"
        )
    return fields


def _with_fields(project: Path, fields: list[tuple[str, str]]) -> None:
    """List the fields in the project, and have their definitions written.

    Raises:
        click.ClickException: The list cannot be written.
    """
    path = project / "dbt_project.yml"
    lines = "".join(f"      - {{column: {name}, type: {kind}}}\n" for name, kind in fields)
    text = path.read_text(encoding="utf-8")
    if "  custom_fields: {}\n" not in text:
        raise click.ClickException("dbt_project.yml lists custom fields already")
    listed = text.replace("  custom_fields: {}\n", f"  custom_fields:\n    opportunity:\n{lines}")
    path.write_text(listed, encoding="utf-8")
    subprocess.run([build.METRICS, "fields"], cwd=project, check=True, stdout=subprocess.DEVNULL)


@click.command()
@click.option("--scale", default=1.0, show_default=True, help="1 is 20,000 opportunities.")
@click.option("--fields", "count", default=50, show_default=True, help="How many.")
@click.option("--rounds", default=3, show_default=True, help="Builds of each side.")
def measure(*, scale: float, count: int, rounds: int) -> None:
    """Measure full builds with and without custom fields, by turns."""
    with tempfile.TemporaryDirectory() as scratch:
        loaded = Path(scratch) / "loaded" / "sales_pipeline.duckdb"
        loaded.parent.mkdir()
        data = Path(scratch) / "demo"
        build.run(
            *("demo", "generate", "--scale", f"{scale}", "--output", str(data)), warehouse=loaded
        )
        for path in sorted(one for one in data.iterdir() if one.is_dir()):
            build.run("load", path.name, str(path), warehouse=loaded)
        fields = _add_columns(loaded, count)
        projects = {"without": Path(scratch) / "without", "with": Path(scratch) / "with"}
        for project in projects.values():
            create_project(project)
        _with_fields(projects["with"], fields)
        figures: dict[str, list[build.Run]] = {name: [] for name in projects}
        for number in range(rounds):
            for name, project in projects.items():
                warehouse = Path(scratch) / f"{name}_{number}" / "sales_pipeline.duckdb"
                warehouse.parent.mkdir()
                shutil.copy(loaded.resolve(), warehouse)
                figures[name].append(_build(project, warehouse))
                shutil.rmtree(warehouse.parent)
    seconds = {name: min(one.seconds for one in runs) for name, runs in figures.items()}
    cpu = {name: min(one.cpu for one in runs) for name, runs in figures.items()}
    for name in figures:
        click.echo(f"{name:<8} {seconds[name]:8.1f} s  {cpu[name]:8.1f} s of CPU")
    click.echo(
        f"{count} fields / none: {seconds['with'] / seconds['without']:.2f},"
        f" of CPU {cpu['with'] / cpu['without']:.2f}"
    )


def _build(project: Path, warehouse: Path) -> build.Run:
    variables = f"{{source_dt: '{LAST_DAY}'}}"
    return build.run("build", "--vars", variables, warehouse=warehouse, project=project)


if __name__ == "__main__":
    measure()
