"""Generations of a warehouse in schemas of their own, of which a link names the live one.

Where tables cannot be swapped in a transaction, a build makes them in schemas beside the live ones.
What it made is a directory with dbt's manifests, which name those schemas; a link to it is replaced
in one step when all of it is there. Readers that found the old one keep on reading its tables.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import artifacts_directory

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.project.profile import Target

_LIVE = "live"
_FILE = "generation.json"


@dataclass(frozen=True)
class SchemaGeneration:
    """What one build made.

    Attributes:
        token: Tells its schemas from those of all others.
        before: The token of what was live before; empty for the first.
        schemas: The schemas that were made for it, by the names that the project gives them.
        relations: Each relation of the project, as `schema.name`, with the schema it lies in now:
            one of these, or one of an earlier build where this one left it as it was.
    """

    token: str
    before: str = ""
    schemas: dict[str, str] = field(default_factory=dict)
    relations: dict[str, str] = field(default_factory=dict)

    def place(self, schema: str, name: str) -> str:
        """Give the schema in which a relation lies."""
        return self.relations.get(f"{schema}.{name}", schema)

    def write(self, directory: Path) -> None:
        """Write it down."""
        unfinished = directory / f".{_FILE}.new"
        unfinished.write_text(json.dumps(asdict(self)), encoding="utf-8")
        unfinished.replace(directory / _FILE)

    @classmethod
    def read(cls, directory: Path) -> Self:
        """Read it again.

        Raises:
            MetricsStoreError: The file is not there, or is damaged.
        """
        try:
            return cls(**json.loads((directory / _FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise MetricsStoreError(
                "what says where the tables of a build lie cannot be read",
                where=str(directory / _FILE),
                remedy=f"remove {directory.parent} and run `metrics build --full-refresh`",
                detail=str(error),
            ) from None


def new_token() -> str:
    """Give a token for a build."""
    return f"g{secrets.token_hex(4)}"


def generations_directory(target: Target) -> Path:
    """Give the directory of a target's generations."""
    return artifacts_directory(target) / "generations"


def live_directory(target: Target) -> Path | None:
    """Give the directory of the live generation, with its manifests; none before the first."""
    link = generations_directory(target) / _LIVE
    return link.resolve() if link.is_symlink() else None


def live_artifacts(target: Target) -> Path:
    """Give the directory with the manifests of what is live, be it of a generation or not."""
    return live_directory(target) or artifacts_directory(target)


def live_generation(target: Target) -> SchemaGeneration:
    """Give what is live; one without schemas of its own before the first.

    Raises:
        MetricsStoreError: It cannot be read.
    """
    directory = live_directory(target)
    return SchemaGeneration("") if directory is None else SchemaGeneration.read(directory)


def make_live(directory: Path) -> None:
    """Let a generation take the place of the live one, in one step."""
    link = directory.parent / f".{_LIVE}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(directory.name)
    os.replace(link, directory.parent / _LIVE)  # noqa: PTH105 - the link, not what it leads to
