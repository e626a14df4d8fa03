"""What reviews keep is whole, ours alone, and bounded."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.review.directory_cache import DirectoryCache

if TYPE_CHECKING:
    from pathlib import Path


def store(cache: DirectoryCache, key: str, content: str, age: float = 0) -> Path:
    with cache.unfinished() as directory:
        (directory / "file").write_text(content)
        os.utime(directory, (time.time() - age,) * 2)
        return cache.store(directory, key)


@pytest.fixture
def cache(tmp_path: Path) -> DirectoryCache:
    return DirectoryCache(tmp_path / "cache", most=3, most_bytes=1_000)


def test_what_was_kept_is_found(cache: DirectoryCache) -> None:
    assert cache.find("a") is None
    kept = store(cache, "a", "x")
    assert cache.find("a") == kept
    assert (kept / "file").read_text() == "x"
    assert cache.directory.stat().st_mode & 0o77 == 0


def test_the_first_of_two_stays(cache: DirectoryCache) -> None:
    store(cache, "a", "first")
    assert (store(cache, "a", "second") / "file").read_text() == "first"
    assert [path.name for path in cache.directory.iterdir()] == ["a"]


def test_a_mistake_leaves_nothing(cache: DirectoryCache) -> None:
    def interrupted() -> None:
        with cache.unfinished() as directory:
            (directory / "file").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(cache.directory.iterdir()) == []


def test_what_nobody_used_for_longest_goes(cache: DirectoryCache) -> None:
    for age, key in enumerate("edcba", start=1):
        store(cache, key, "x", age=100 * (6 - age))
        cache.find("e")
    assert sorted(path.name for path in cache.directory.iterdir()) == ["a", "b", "e"]


def test_what_is_too_large_goes_but_for_the_newest(cache: DirectoryCache) -> None:
    store(cache, "a", "x" * 600, age=10)
    store(cache, "b", "x" * 2_000)
    assert [path.name for path in cache.directory.iterdir()] == ["b"]


def test_what_a_killed_process_left_goes(cache: DirectoryCache) -> None:
    store(cache, "a", "x")
    left = cache.directory / "new-left"
    left.mkdir()
    os.utime(left, (0, 0))
    (cache.directory / "new-at-work").mkdir()
    store(cache, "b", "x")
    assert sorted(path.name for path in cache.directory.iterdir()) == ["a", "b", "new-at-work"]


def test_where_others_may_write_nothing_is_believed(cache: DirectoryCache) -> None:
    store(cache, "a", "x")
    cache.directory.chmod(0o777)
    with pytest.raises(MetricsStoreError, match="others may write"):
        cache.find("a")
    with pytest.raises(MetricsStoreError, match="others may write"):
        store(cache, "b", "x")


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = DirectoryCache(tmp_path / "file" / "cache", most=1, most_bytes=1)
    with pytest.raises(MetricsStoreError, match="cannot be written"):
        store(cache, "a", "x")
