"""What is looked at changes under an open page: the page tells, and goes on with what is there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest

from app.pages import cards, explore, metric_page, words
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.warehouse.embedded.generations import Warehouse
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")


@pytest.fixture
def shop_looked_at(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the app look at a copy of the built shop, which the test may change."""
    directory = tmp_path / "changing" / "shop"
    shutil.copytree(shop, directory, symlinks=True)
    monkeypatch.setenv("DBT_PROJECT_DIR", str(directory))
    return directory


def _swap(shop: Path, rename: tuple[bytes, bytes] = (b"", b"")) -> None:
    """Bring in a generation with amounts twice as large, and a metric by another name."""
    with Warehouse(load_target(shop).duckdb_path).next_generation() as generation:
        with duckdb.connect(str(generation.database)) as connection:
            connection.execute("update orders set amount = amount * 2")
        manifest = generation.artifacts / SEMANTIC_MANIFEST
        if rename[0]:
            manifest.write_bytes(manifest.read_bytes().replace(*rename))


def test_a_new_build_is_shown_at_the_next_click(shop_looked_at: Path) -> None:
    page = explore(metrics="revenue", group_by="order__status")
    assert cards(page) == {"Revenue": "135.65"}
    _swap(shop_looked_at)
    page.run()
    assert not page.exception
    assert cards(page) == {"Revenue": "271.30"}


def test_a_metric_that_a_build_removed_is_told_and_another_can_be_chosen(
    shop_looked_at: Path,
) -> None:
    page = explore()
    page.multiselect(key="explore.metrics").set_value(["revenue"]).run()
    described = metric_page(name="revenue")
    assert cards(page)
    _swap(shop_looked_at, (b'"name": "revenue"', b'"name": "turnover"'))
    page.run()
    assert not page.exception, page.exception
    assert "revenue" in words(page)
    assert "may have been removed or renamed" in words(page)
    page.multiselect(key="explore.metrics").set_value(["turnover"]).run()
    assert not page.exception
    assert cards(page) == {"Revenue": "271.30"}
    described.run()
    assert not described.exception, described.exception
    assert "may have been removed" in words(described)


def test_a_warehouse_that_cannot_be_read_is_told_and_found_again(shop_looked_at: Path) -> None:
    manifest = find_live_warehouse(load_target(shop_looked_at)).artifacts / SEMANTIC_MANIFEST
    aside = manifest.with_suffix(".aside")
    manifest.rename(aside)
    page = explore(metrics="revenue")
    assert page.error
    assert not cards(page)
    aside.rename(manifest)
    page.run()
    assert not page.error
    assert cards(page) == {"Revenue": "135.65"}
