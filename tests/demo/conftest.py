"""One data set at scale 1, generated once for all tests here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from demo.recount_planning import read_planning
from demo.recount_salesforce import read_salesforce
from metrics_store.demo.demo_data import generate
from oracle.reading import Raw, read_parquet_directory

if TYPE_CHECKING:
    from pathlib import Path

SEED = 7


def ignore(done: int) -> None:
    """Take progress and show nothing."""
    del done


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo_data")
    generate(directory, 1.0, SEED, ignore)
    return directory


@pytest.fixture(scope="session")
def raw(demo_data: Path) -> Raw:
    return read_parquet_directory(demo_data / "pipedrive")


@pytest.fixture(scope="session")
def salesforce(demo_data: Path) -> Raw:
    return read_salesforce(demo_data / "salesforce")


@pytest.fixture(scope="session")
def planning(demo_data: Path) -> Raw:
    return read_planning(demo_data / "planning")


@pytest.fixture(scope="session")
def truth(demo_data: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((demo_data / "truth.json").read_text(encoding="utf-8"))
    return content
