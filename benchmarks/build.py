"""What a full build takes, in time and memory, and what share of it one more day takes.

Demo data of a scale is loaded into a warehouse of its own and built as of the day before its last,
from scratch; then the last day is built on top, by `metrics build`. Where the seconds of each went
is told beside it, in seconds of dbt's threads. On a machine that others use, go by those of CPU.

    python benchmarks/build.py --scale 50
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sysconfig
import tempfile
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import click
import psutil
from build_phases import phases

from metrics_store.demo.demo_calendar import LAST_DAY

PROJECT = Path(__file__).parents[1]
METRICS = Path(sysconfig.get_path("scripts")) / "metrics"
OPPORTUNITIES_PER_SCALE = 20_000


@dataclass(frozen=True)
class Run:
    """What one command took: seconds by the clock and of the processors, and MiB at most.

    Of a build also what each phase took.
    """

    seconds: float
    cpu: float
    peak_memory: float
    phases: dict[str, float] = field(default_factory=dict)


def _memory(process: psutil.Process) -> int:
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def _processor_seconds() -> float:
    """Give what the commands that ended have computed, with all that they started."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def run(*arguments: str, warehouse: Path, project: Path = PROJECT) -> Run:
    """Run a subcommand of `metrics` on a warehouse and watch it.

    Raises:
        click.ClickException: It failed.
    """
    started, peak = time.monotonic(), 0
    computed = _processor_seconds()
    log = warehouse.with_name("log")
    with log.open("w") as output:
        process = psutil.Popen(
            [METRICS, *arguments],
            cwd=project,
            env={**os.environ, "METRICS_STORE_DUCKDB_PATH": str(warehouse)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            try:
                peak = max(peak, _memory(process))
            except psutil.NoSuchProcess:
                break
            time.sleep(0.2)
    if process.wait() != 0:
        raise click.ClickException(log.read_text()[-3000:])
    return Run(
        round(time.monotonic() - started, 1),
        round(_processor_seconds() - computed, 1),
        round(peak / 2**20),
    )


def build(warehouse: Path, last_day: date) -> Run:
    """Build the warehouse as of a day, and break down where the time went."""
    done = run("build", "--vars", f"{{source_dt: '{last_day}'}}", warehouse=warehouse)
    artifacts = warehouse.resolve().parent / "target"
    return replace(done, phases=phases(artifacts, seconds=done.seconds))


@click.command()
@click.option("--scale", default=1.0, show_default=True, help="50 is a million opportunities.")
@click.option("--data", type=click.Path(path_type=Path), help="Demo data of that scale, kept.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Where the warehouse stays, for others."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def measure(*, scale: float, data: Path | None, keep: Path | None, as_json: bool) -> None:
    """Measure the full build and one more day."""
    with tempfile.TemporaryDirectory() if keep is None else nullcontext(keep) as scratch:
        # The file's stem is the catalogue that relations are named by.
        warehouse = Path(scratch) / "sales_pipeline.duckdb"
        source = data or Path(scratch) / "demo"
        if not (source / "truth.json").exists():
            run(
                "demo",
                "generate",
                "--scale",
                f"{scale}",
                "--output",
                str(source),
                warehouse=warehouse,
            )
        names = sorted(path.name for path in source.iterdir() if path.is_dir())
        loads = [run("load", name, str(source / name), warehouse=warehouse) for name in names]
        full, day = (
            build(warehouse, last_day) for last_day in (LAST_DAY - timedelta(days=1), LAST_DAY)
        )
        size = round(warehouse.resolve().stat().st_size / 2**20)
    figures = {
        "opportunities": round(scale * OPPORTUNITIES_PER_SCALE),
        "load": asdict(
            Run(
                sum(one.seconds for one in loads),
                sum(one.cpu for one in loads),
                max(one.peak_memory for one in loads),
            )
        ),
        "full": asdict(full),
        "day": asdict(day),
        "day_to_full": round(day.seconds / full.seconds, 3),
        "day_to_full_cpu": round(day.cpu / full.cpu, 3),
        "warehouse": size,
    }
    if as_json:
        click.echo(json.dumps(figures, indent=2))
        return
    click.echo(f"{figures['opportunities']:,} opportunities, a warehouse of {size:,} MiB")
    click.echo(f"load        {sum(one.seconds for one in loads):8.1f} s")
    for name, one in (("full build", full), ("one day", day)):
        click.echo(
            f"{name:<11} {one.seconds:8.1f} s  {one.cpu:8.1f} s of CPU"
            f"  {one.peak_memory:8,.0f} MiB at most"
        )
        for phase, seconds in one.phases.items():
            click.echo(f"  {phase:<24} {seconds:8.1f} s")
    click.echo(
        f"one day / full build: {figures['day_to_full']}, of CPU {figures['day_to_full_cpu']}"
    )


if __name__ == "__main__":
    measure()
