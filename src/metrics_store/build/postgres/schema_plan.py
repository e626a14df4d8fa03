"""The plan of a build: its new schemas, and the relations in them."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.identifiers import LONGEST_NAME

if TYPE_CHECKING:
    from pathlib import Path

PLAN = "plan.json"
# What the process that runs dbt is told, by an environment variable.
BUILD_VARIABLE = "METRICS_STORE_BUILD"


def new_token() -> str:
    """Give what tells one build's schemas from those of all others."""
    return secrets.token_hex(4)


def next_name(schema: str, token: str) -> str:
    """Name the schema that is to take a live one's place.

    Raises:
        MetricsStoreError: PostgreSQL would cut the name off.
    """
    name = f"{schema}__next_{token}"
    if len(previous_name(schema, token).encode()) > LONGEST_NAME:
        raise MetricsStoreError(
            "the name of a schema is too long for a build beside it",
            where=schema,
            expected=f"at most {LONGEST_NAME - len(previous_name('', token))} bytes",
        )
    return name


def previous_name(schema: str, token: str) -> str:
    """Name the schema in which what was live waits for its last readers."""
    return f"{schema}__before_{token}"


@dataclass(frozen=True)
class Plan:
    """What a build makes.

    Attributes:
        token: Tells this build's schemas from those of others.
        schemas: The schemas it makes anew, by the live ones whose place they take.
        names: The project's relations in the live ones, each `[schema, name]`.
        built: Those of them that dbt builds now; the others are carried over.
        granted: Those of them whose privileges the project itself says.
    """

    token: str
    schemas: dict[str, str] = field(default_factory=dict)
    names: list[list[str]] = field(default_factory=list)
    built: list[list[str]] = field(default_factory=list)
    granted: list[list[str]] = field(default_factory=list)

    def write(self, directory: Path) -> None:
        """Write it down for the process that started this one."""
        (directory / PLAN).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, directory: Path) -> Plan:
        """Read what the process that ran dbt has made."""
        return cls(**json.loads((directory / PLAN).read_text(encoding="utf-8")))
