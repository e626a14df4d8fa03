"""A cache of directories: compiled revisions, built warehouses."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a process that was killed left behind; nothing takes that long to make.
_ABANDONED_SECONDS = 24 * 3600
_UNFINISHED = "new-"


def default_directory() -> Path:
    """Give the directory for what this person's reviews made: it is theirs alone."""
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache") / "metrics-store" / "review"


@dataclass(frozen=True)
class DirectoryCache:
    """Directories by key; the least recently used are removed first.

    Attributes:
        directory: Where they are.
        most: How many are kept.
        most_bytes: How large they may be together.
    """

    directory: Path
    most: int
    most_bytes: int

    def find(self, key: str) -> Path | None:
        """Give a cached directory; none where there is none."""
        directory = self.directory / key
        if not directory.is_dir():
            return None
        self._require_private()
        with suppress(OSError):
            os.utime(directory)
        return directory

    def find_or_make(self, key: str) -> Path:
        """Give a cached directory, an empty one where there is none.

        Raises:
            MetricsStoreError: The cache cannot be written, or is not this user's alone.
        """
        found = self.find(key)
        if found is None:
            with self.unfinished() as made:
                found = self.store(made, key)
        return found

    @contextmanager
    def unfinished(self) -> Iterator[Path]:
        """Give an empty directory, for this user only, to make something in.

        Whatever happens, it is gone after the block, unless it was stored.

        Raises:
            MetricsStoreError: The cache cannot be written, or is not this user's alone.
        """
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._require_private()
            directory = Path(tempfile.mkdtemp(dir=self.directory, prefix=_UNFINISHED))
        except OSError as error:
            raise MetricsStoreError(
                f"the cache of reviews cannot be written: {error.strerror or error}",
                where=str(self.directory),
                remedy="set XDG_CACHE_HOME to a directory that you may write to",
            ) from error
        try:
            yield directory
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def store(self, finished: Path, key: str) -> Path:
        """Move a finished directory under its key; what another process stored first stays."""
        directory = self.directory / key
        try:
            finished.rename(directory)
        except OSError:
            if not directory.is_dir():
                raise
        self._prune(directory)
        return directory

    def _require_private(self) -> None:
        """Refuse a place where others can put what is then run as ours."""
        found = self.directory.stat()
        if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise MetricsStoreError(
                "others may write to the cache of reviews, and what it says is run",
                where=str(self.directory),
                remedy=f"run `chmod go-w {self.directory}`, or set XDG_CACHE_HOME to a directory "
                "of your own",
            )

    def _prune(self, newest: Path) -> None:
        aged: list[tuple[float, int, Path]] = []
        for path in self.directory.iterdir():
            with suppress(OSError):  # another process may prune as well
                changed = path.stat().st_mtime
                if not path.name.startswith(_UNFINISHED):
                    aged.append((changed, _size(path), path))
                elif time.time() - changed > _ABANDONED_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)
        aged.sort(reverse=True)
        total = 0
        for position, (_, size, path) in enumerate(aged):
            total += size
            if path != newest and (position >= self.most or total > self.most_bytes):
                # Out of the way first, so that nobody finds half of it.
                with suppress(OSError):
                    shutil.rmtree(path.rename(path.with_name(_UNFINISHED + path.name)))


def _size(directory: Path) -> int:
    return sum(path.lstat().st_size for path in directory.rglob("*"))
