"""The market of the corpus: its files, compiled as they are or after a change."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metrics_store.review.projects.project_reader import read_project

if TYPE_CHECKING:
    from metrics_store.review.projects.project_definitions import ProjectDefinitions
    from review.corpus.edits import Files

_HERE = Path(__file__).parent
# Later ones lie over earlier ones.
_LAYERS = (_HERE.parents[1] / "market_project", _HERE / "project")
_KINDS = {".sql", ".yml", ".csv"}


def market_files() -> Files:
    """Give the texts of the market's files: those of the other tests, and what is laid over."""
    return {
        str(path.relative_to(layer)): path.read_text()
        for layer in _LAYERS
        for path in sorted(layer.rglob("*"))
        if path.suffix in _KINDS
    }


@dataclass(frozen=True)
class Compiled:
    """What dbt makes of some files.

    Attributes:
        files: The files.
        manifest: dbt's manifest.
        semantic_manifest: dbt's semantic manifest.
        definitions: What a review reads of these.
    """

    files: Files
    manifest: dict[str, Any]
    semantic_manifest: dict[str, Any]
    definitions: ProjectDefinitions


class Market:
    """A project in one place, compiled again and again.

    Args:
        directory: Where it is written.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._written: Files = {}
        (directory / "warehouse").mkdir(parents=True)
        self._dbt = subprocess.Popen(
            [sys.executable, str(_HERE / "compiling.py"), str(directory)],
            cwd=directory,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def compiled(self, files: Files) -> Compiled:
        """Compile the project of these files."""
        self._write(files)
        assert self._dbt.stdin
        assert self._dbt.stdout
        self._dbt.stdin.write("\n")
        self._dbt.stdin.flush()
        failure = json.loads(self._dbt.stdout.readline())
        assert not failure, failure
        manifest, semantic_manifest = (
            json.loads((self.directory / "target" / name).read_text())
            for name in ("manifest.json", "semantic_manifest.json")
        )
        definitions = read_project(manifest, semantic_manifest, self.directory)
        return Compiled(files, manifest, semantic_manifest, definitions)

    def close(self) -> None:
        """Let dbt end."""
        assert self._dbt.stdin
        self._dbt.stdin.close()
        self._dbt.wait()

    def _write(self, files: Files) -> None:
        for name in self._written.keys() - files.keys():
            (self.directory / name).unlink()
        for name, text in files.items():
            if self._written.get(name) != text:
                path = self.directory / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        self._written = dict(files)
