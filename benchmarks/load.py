"""What demo data of a size takes to be made as files, to be loaded, and to be read in place.

    python benchmarks/load.py --scale 5 --scale 50

Times are by the clock and of the processors; memory is the most that all processes of a command
had. On disk: the files, and the warehouse with the raw tables alone.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from build import OPPORTUNITIES_PER_SCALE, Run, run

SOURCES = ("pipedrive", "salesforce", "planning")


def _size(*paths: Path) -> float:
    """Give the MiB of files, and of all that lies in directories."""
    files = [file for path in paths for file in (path, *path.rglob("*")) if file.is_file()]
    return round(sum(file.stat().st_size for file in files) / 2**20, 1)


def _load(source: Path, warehouse: Path, *more: str) -> Run:
    """Load all sources into a warehouse of their own."""
    loads = [run("load", name, str(source / name), *more, warehouse=warehouse) for name in SOURCES]
    return Run(
        round(sum(one.seconds for one in loads), 1),
        round(sum(one.cpu for one in loads), 1),
        max(one.peak_memory for one in loads),
    )


def measure(scale: float, rows_per_file: int, scratch: Path) -> dict[str, object]:
    """Make, load and read in place the data of a scale."""
    source, warehouse = scratch / "demo", scratch / "sales_pipeline.duckdb"
    sizes = ("--scale", f"{scale}", "--rows-per-file", f"{rows_per_file}")
    made = run("demo", "generate", *sizes, "--output", str(source), warehouse=warehouse)
    truth = json.loads((source / "truth.json").read_text(encoding="utf-8"))
    figures: dict[str, object] = {
        "opportunities": round(scale * OPPORTUNITIES_PER_SCALE),
        "rows": sum(sum(truth[name]["rows"].values()) for name in SOURCES),
        "files_mib": _size(source),
        "generate": asdict(made),
    }
    for name, more in (("in_place", ["--in-place"]), ("copy", [])):
        place = scratch / name
        place.mkdir()
        done = _load(source, place / warehouse.name, *more)
        size = _size((place / warehouse.name).resolve())
        figures[name] = {**asdict(done), "warehouse_mib": size}
        shutil.rmtree(place)
    return figures


@click.command()
@click.option("--scale", "scales", type=float, multiple=True, default=[5.0], show_default=True)
@click.option("--rows-per-file", default=1_000_000, show_default=True)
def main(*, scales: tuple[float, ...], rows_per_file: int) -> None:
    """Measure each scale, and print JSON."""
    for scale in scales:
        with tempfile.TemporaryDirectory() as scratch:
            figures = measure(scale, rows_per_file, Path(scratch))
        for figure in figures.values():
            if isinstance(figure, dict):
                figure.pop("phases", None)
        click.echo(json.dumps(figures))


if __name__ == "__main__":
    main()
