"""Generated files of a project: which are stale, and how they are brought up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class WrittenFiles:
    """How generated files differ from what lies in the project.

    Attributes:
        directory: Where generated files lie.
        wanted: File name -> content, for every file there is to be.
        mark: What stands in each generated file, and in no other.
    """

    directory: Path
    wanted: dict[str, str]
    mark: str

    def stale(self) -> list[Path]:
        """Give the files that are missing or differ, and those that are not wanted any more."""
        differing = [
            self.directory / name
            for name, content in self.wanted.items()
            if not (path := self.directory / name).is_file()
            or path.read_text(encoding="utf-8") != content
        ]
        return sorted([*differing, *self._orphans()])

    def write(self) -> list[Path]:
        """Bring the project up to date and give the files that were touched."""
        touched = self.stale()
        if self.wanted:
            self.directory.mkdir(parents=True, exist_ok=True)
        for path in touched:
            if path.name in self.wanted:
                path.write_text(self.wanted[path.name], encoding="utf-8")
            else:
                path.unlink()
        return touched

    def _orphans(self) -> list[Path]:
        files = [*self.directory.glob("*.sql"), *self.directory.glob("*.yml")]
        return [
            path
            for path in files
            if path.name not in self.wanted and self.mark in path.read_text(encoding="utf-8")
        ]
