"""Builds and broken files while the engine is asked: no request is dropped, none is half new."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import UnavailableError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.metric_request import MetricRequest
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

REVENUE = MetricRequest(["revenue"])
BEFORE = Decimal("135.65")


def _publish(shop: Path, factor: int, rename: tuple[bytes, bytes] = (b"", b"")) -> None:
    """Make a new generation whose amounts, and whose metric's name, are others."""
    with Warehouse(load_target(shop).duckdb_path).next_generation() as generation:
        with duckdb.connect(str(generation.database)) as connection:
            connection.execute(f"update orders set amount = amount * {factor}")
        manifest = generation.artifacts / SEMANTIC_MANIFEST
        if rename[0]:
            manifest.write_bytes(manifest.read_bytes().replace(*rename))


def _replace(file: Path, content: bytes) -> None:
    new = file.with_suffix(".new")
    new.write_bytes(content)
    new.replace(file)


@pytest.mark.parametrize("eager", [True, False])
def test_a_build_is_taken_in_while_everybody_asks(*, eager: bool, changing_shop: Path) -> None:
    engine = Engine(load_target(changing_shop), EngineSettings(eager=eager))
    version = engine.data_version
    stop, answers, errors = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            try:
                answer = engine.answer(REVENUE, LOCAL)
                answers.append((answer.data_version, answer.table.to_pylist()[0]["revenue"]))
            except Exception as error:
                errors.append(error)
                raise

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for seen in (1, 2, 3, 4):
        # Each version is seen before the next one comes.
        while len(dict(answers)) < seen and not errors:
            time.sleep(0.01)
        if seen < 4:
            _publish(changing_shop, 2)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert engine.answer(REVENUE, LOCAL).table.to_pylist() == [{"revenue": BEFORE * 8}]
    assert engine.data_version != version
    # A version names one state of the data, and an answer comes from that state alone.
    assert len(dict(answers)) == len(set(answers)) == 4
    assert dict(answers)[version] == BEFORE
    engine.close()


def test_definitions_change_with_the_data(changing_shop: Path) -> None:
    engine = Engine(load_target(changing_shop))
    assert engine.answer(REVENUE, LOCAL).table.num_rows == 1
    _publish(changing_shop, 2, (b'"name": "revenue"', b'"name": "turnover"'))
    answer = engine.answer(MetricRequest(["turnover"]), LOCAL)
    assert answer.table.to_pylist() == [{"turnover": BEFORE * 2}]
    engine.close()


def test_a_broken_manifest_leaves_the_last_good_one(changing_shop: Path) -> None:
    target = load_target(changing_shop)
    engine = Engine(target, EngineSettings(eager=True))
    assert engine.answer(REVENUE, LOCAL).table.to_pylist() == [{"revenue": BEFORE}]
    manifest = find_live_warehouse(target).artifacts / SEMANTIC_MANIFEST
    good = manifest.read_bytes()
    _replace(manifest, good[: len(good) // 2])
    assert engine.answer(REVENUE, LOCAL).table.to_pylist() == [{"revenue": BEFORE}]
    assert engine.problem is not None
    assert "definitions cannot be read" in engine.problem.what
    assert str(changing_shop) not in engine.problem.public()
    _replace(manifest, good)
    assert engine.answer(REVENUE, LOCAL).table.to_pylist() == [{"revenue": BEFORE}]
    assert engine.problem is None
    engine.close()


def test_a_manifest_broken_from_the_start(changing_shop: Path) -> None:
    target = load_target(changing_shop)
    manifest = find_live_warehouse(target).artifacts / SEMANTIC_MANIFEST
    good = manifest.read_bytes()
    _replace(manifest, b"[]")
    engine = Engine(target, EngineSettings(eager=True))
    for _ in range(2):
        with pytest.raises(UnavailableError, match="definitions cannot be read"):
            engine.answer(REVENUE, LOCAL)
    _replace(manifest, good)
    assert engine.answer(REVENUE, LOCAL).table.num_rows == 1
    engine.close()


def test_a_warehouse_that_goes_and_comes_back(changing_shop: Path) -> None:
    target = load_target(changing_shop)
    engine = Engine(target)
    assert engine.answer(REVENUE, LOCAL).table.num_rows == 1
    live = target.duckdb_path
    link = live.readlink()
    live.unlink()
    # The file is open still: whoever asks gets what was live last.
    assert engine.answer(REVENUE, LOCAL).table.to_pylist() == [{"revenue": BEFORE}]
    assert engine.problem is not None
    live.symlink_to(link)
    assert engine.answer(REVENUE, LOCAL).table.num_rows == 1
    assert engine.problem is None
    engine.close()


def test_nothing_built_yet(tiny_project: Path) -> None:
    engine = Engine(load_target(tiny_project))
    with pytest.raises(UnavailableError, match="no warehouse yet") as refused:
        engine.answer(REVENUE, LOCAL)
    assert str(tiny_project) not in refused.value.public()
