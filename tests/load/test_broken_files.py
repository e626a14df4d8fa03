"""Each kind of broken file is refused with a message that names the place, and changes nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from load.csv_cases import CSV_CASES
from load.library import LIBRARY, contents, digest, duckdb_target, write_files
from load.parquet_cases import PARQUET_CASES
from load.value_cases import VALUE_CASES
from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_options import NO_OPTIONS, LoadOptions
from metrics_store.load.loader import load_directory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from load.broken_cases import Case
    from metrics_store.project.profile import Target

pytestmark = pytest.mark.slow

CASES = [*CSV_CASES, *VALUE_CASES, *PARQUET_CASES]
# What is copied, and what is read where it lies, are checked alike.
WAYS = [
    *((case, NO_OPTIONS) for case in CASES),
    *((case, LoadOptions(in_place=True)) for case in PARQUET_CASES),
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """Give a warehouse that holds the good files; no test changes it."""
    directory = tmp_path_factory.mktemp("loaded")
    target = duckdb_target(directory)
    load_directory(LIBRARY, write_files(directory / "files"), target)
    return target


@pytest.mark.parametrize(
    ("case", "options"),
    WAYS,
    ids=[f"{case.name}{' in place' if options.in_place else ''}" for case, options in WAYS],
)
def test_a_broken_file_is_refused(
    case: Case, options: LoadOptions, loaded: Target, tmp_path: Path
) -> None:
    before = contents(loaded)
    live = loaded.duckdb_path.resolve()
    content = digest(live)
    directory = write_files(tmp_path / "files")
    case.break_files(directory)

    with pytest.raises(MetricsStoreError) as refused:
        load_directory(LIBRARY, directory, loaded, options)

    message = str(refused.value)
    assert "nothing was loaded" in message
    assert str(directory) in message
    for part in case.says:
        assert part in message
    assert len(message) < 3000
    assert loaded.duckdb_path.resolve() == live
    assert digest(live) == content
    assert contents(loaded) == before
    assert len(before["book"]) > 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_refused(loaded: Target, tmp_path: Path) -> None:
    directory = write_files(tmp_path / "files")
    (directory / "book.csv").chmod(0)
    with pytest.raises(MetricsStoreError, match=r"book\.csv: the file cannot be read: Permission"):
        load_directory(LIBRARY, directory, loaded)


@pytest.mark.parametrize("make", [lambda _path: None, lambda path: path.write_text("id\n")])
def test_a_directory_that_is_none_is_refused(
    make: Callable[[Path], object], loaded: Target, tmp_path: Path
) -> None:
    make(tmp_path / "files")
    with pytest.raises(MetricsStoreError) as refused:
        load_directory(LIBRARY, tmp_path / "files", loaded)
    assert "the directory cannot be read" in str(refused.value)
    assert str(tmp_path / "files") in str(refused.value)


def test_the_cases_are_different() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 50
