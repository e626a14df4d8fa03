"""`metrics build` on the embedded warehouse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.warehouse.embedded.generations import Generation, Warehouse
from metrics_store.warehouse.embedded.retention import all_directories

if TYPE_CHECKING:
    from environment import RunMetrics

READER = Path(__file__).with_name("reader.py")


def _live(project: Path) -> Generation:
    current = Warehouse(project / "warehouse" / "shop.duckdb").current()
    assert current is not None
    return current


def _rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _marker_of_manifest(directory: Path) -> str:
    manifest = json.loads((directory / "manifest.json").read_text())
    return str(manifest["nodes"]["model.shop.orders"]["config"]["meta"]["marker"])


def _plain_dbt(project: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "dbt.cli.main", *arguments], cwd=project, check=True)


def test_plain_dbt_first_then_metrics_build(tiny_project: Path, run_metrics: RunMetrics) -> None:
    live_path = tiny_project / "warehouse" / "shop.duckdb"
    _plain_dbt(tiny_project, "build", "--vars", "{marker: plain}", "--profiles-dir", ".")
    with duckdb.connect(str(live_path)) as connection:
        connection.execute("create table loaded_by_hand as select 42 as answer")
    with (tiny_project / "seeds" / "raw_orders.csv").open("a") as seed:
        seed.write("5,2024-02-02,5000.00,paid\n")  # a warning: warnings do not stop a build

    # The settings of a reader's environment do not make the builder one.
    done = run_metrics(
        "build",
        "--vars",
        "{marker: built}",
        "--exclude",
        "time_spine",
        cwd=tiny_project / "models",
        env={"SHOP_ACCESS_MODE": "read_only"},
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARN=1" in done.stdout
    live = _live(tiny_project)
    last_line = done.stdout.splitlines()[-1]
    assert last_line.startswith(f"published {live_path} (generation {live.directory.name}) in ")
    assert live_path.is_symlink()
    assert _rows(live_path, "from loaded_by_hand") == [(42,)]
    assert _rows(live_path, "select marker, count(*) from orders group by 1") == [("built", 5)]
    assert _marker_of_manifest(live.artifacts) == "built"
    assert _marker_of_manifest(tiny_project / "target") == "built"
    for name in ("manifest.json", "semantic_manifest.json"):
        copied = tiny_project / "target" / name
        assert copied.read_bytes() == (live.artifacts / name).read_bytes()
    assert "shop.duckdb-" not in (live.artifacts / "semantic_manifest.json").read_text()
    beside = {"shop.duckdb", "target", "published.json", "rollups.json"}
    assert {path.name for path in live.directory.iterdir()} == beside


@pytest.mark.slow
def test_what_has_not_changed_is_not_parsed_again(
    tiny_project: Path, run_metrics: RunMetrics
) -> None:
    parsed_anew, tested_before = [], []
    for build in ("first", "second"):
        done = run_metrics("build", cwd=tiny_project, env={"DBT_ENV_CUSTOM_ENV_BUILD": build})
        assert done.returncode == 0, done.stdout + done.stderr
        parsed_anew.append("Starting full parse" in done.stdout)
        manifest = json.loads((_live(tiny_project).artifacts / "manifest.json").read_text())
        assert manifest["metadata"]["env"]["BUILD"] == build
        tested_before.append(manifest["metadata"]["env"]["TESTED_BEFORE"])
    assert parsed_anew == [True, False]
    # What dbt is told of the tests is no reason to parse again.
    assert tested_before == ["false", "true"]


def test_failing_test_publishes_nothing(tiny_project: Path, run_metrics: RunMetrics) -> None:
    warehouse = Warehouse(tiny_project / "warehouse" / "shop.duckdb")
    with (
        warehouse.next_generation() as generation,
        duckdb.connect(str(generation.database)) as connection,
    ):
        connection.execute("create table orders as select 'good' as marker")
    with (tiny_project / "seeds" / "raw_orders.csv").open("a") as seed:
        seed.write("5,2024-02-02,-1.00,paid\n")

    done = run_metrics("build", cwd=tiny_project)

    assert done.returncode == 1
    assert "FAIL 1 no_negative_amounts" in done.stdout
    assert "nothing was published: the live warehouse is as it was" in done.stderr
    assert "Traceback" not in done.stderr
    assert _live(tiny_project) == Generation(
        generation.directory.resolve(), generation.database.resolve()
    )
    assert _rows(warehouse.live_path, "from orders") == [("good",)]
    assert all_directories(warehouse.live_path) == [generation.directory]
    assert not (tiny_project / "target").exists()


@pytest.mark.slow
def test_readers_and_loads_while_builds_run(tiny_project: Path, run_metrics: RunMetrics) -> None:
    warehouse = Warehouse(tiny_project / "warehouse" / "shop.duckdb")
    first = run_metrics("build", "--vars", "{marker: 1}", cwd=tiny_project)
    assert first.returncode == 0, first.stdout + first.stderr
    with subprocess.Popen(
        [sys.executable, str(READER), str(warehouse.live_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in (2, 3):
            done = run_metrics("build", "--vars", f"{{marker: {number}}}", cwd=tiny_project)
            assert done.returncode == 0, done.stdout + done.stderr
            # A load writes raw data and keeps what the last build published.
            with (
                warehouse.next_generation() as generation,
                duckdb.connect(str(generation.database)) as connection,
            ):
                connection.execute(f"create table loaded_{number} as select 1 as one")
        output, errors = reader.communicate()
    assert errors == ""
    assert output.splitlines() == ["1", "2", "3"]
    assert _rows(warehouse.live_path, "from loaded_2, loaded_3") == [(1, 1)]


@pytest.mark.slow
def test_two_builds_at_once_run_one_after_the_other(
    tiny_project: Path, metrics_command: Path
) -> None:
    builds = [
        subprocess.Popen(
            [str(metrics_command), "build", "--vars", f"{{marker: {number}}}"],
            cwd=tiny_project,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2)
    ]
    outputs = [build.communicate() for build in builds]
    assert [build.returncode for build in builds] == [0, 0], outputs
    waited = ["waiting: another build or load" in errors for _, errors in outputs]
    assert sorted(waited) == [False, True]
    live = _live(tiny_project)
    last = str(1 + waited.index(True))
    assert _rows(live.database, "select distinct marker from orders") == [(last,)]
    assert _marker_of_manifest(live.artifacts) == last


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "nowhere"], "there is no target named nowhere"),
        (["--vars", "[1]"], "not a YAML mapping"),
    ],
)
def test_clear_errors_before_dbt_starts(
    tiny_project: Path, run_metrics: RunMetrics, arguments: list[str], message: str
) -> None:
    done = run_metrics("build", *arguments, cwd=tiny_project)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tiny_project / "warehouse").iterdir()) == [
        tiny_project / "warehouse" / ".gitignore"
    ]
