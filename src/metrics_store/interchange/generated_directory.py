"""A directory of generated files, which is brought up to date or only checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class GeneratedDirectory:
    """Generated files, and what lies there of an earlier time.

    Attributes:
        path: The directory.
        wanted: Path in it, with slashes -> content, for each file that belongs there.
        mark: What all generated files of this kind have in their first line; a file without it is
            somebody else's, and neither written over nor removed.
    """

    path: Path
    wanted: Mapping[str, str]
    mark: str

    def stale(self) -> list[Path]:
        """Give the files that are missing or differ, and those that nothing makes any more."""
        differing = [
            path
            for name, content in self.wanted.items()
            if not (path := self.path / name).is_file()
            or path.read_bytes() != content.encode("utf-8")
        ]
        return sorted([*differing, *self._left_over()])

    def write(self) -> list[Path]:
        """Bring the directory up to date and give the files that were touched.

        Raises:
            MetricsStoreError: A file of somebody else's is in the way.
        """
        touched = self.stale()
        wanted = {self.path / name: content for name, content in self.wanted.items()}
        for path in touched:
            if path in wanted and path.exists() and not self._is_ours(path):
                raise MetricsStoreError(
                    "a file is in the way that was not generated",
                    where=str(path),
                    remedy="move it, or export to another directory",
                )
        for path in touched:
            try:
                _write(path, wanted.get(path))
            except OSError as error:
                raise MetricsStoreError(
                    "a file cannot be written",
                    where=str(path),
                    detail=error.strerror or "",
                    remedy="see to the directory, or export to another one",
                ) from None
        return touched

    def check(self, remedy: str) -> None:
        """Fail where anything is stale.

        Raises:
            MetricsStoreError: So it is.
        """
        stale = self.stale()
        if stale:
            raise MetricsStoreError(
                "exported files do not say what the metrics say now",
                where=", ".join(map(str, stale)),
                remedy=remedy,
            )

    def _left_over(self) -> list[Path]:
        known = {self.path / name for name in self.wanted}
        return [
            path
            for path in self.path.rglob("*")
            if path.is_file() and path not in known and self._is_ours(path)
        ]

    def _is_ours(self, path: Path) -> bool:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return self.mark.encode("utf-8") in file.readline(1000)


def _write(path: Path, content: str | None) -> None:
    """Write a file; remove it where it has no content any more."""
    if content is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8"))
