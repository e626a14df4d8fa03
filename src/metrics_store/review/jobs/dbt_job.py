"""One run of dbt, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.project.dbt_command import QUIET_ENVIRONMENT
from metrics_store.review.jobs.job_process import (
    FAILURE,
    FILES,
    LASTING,
    PROFILE,
    REQUEST,
    SCRATCH,
    STARTED,
)
from metrics_store.review.jobs.job_schemas import OUTSIDE
from metrics_store.review.jobs.scratch_profile import database_file, write_profile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from metrics_store.project.profile import Target

_OUTPUT = "output.txt"
_LONGEST_MESSAGE = 1_500


@dataclass(frozen=True)
class DbtJob:
    """A revision to compile or to build.

    Attributes:
        command: `compile` or `build`.
        revision: What to call the revision in an error.
        workplace: A directory of its own, with the exported project in `files`.
        profile: The name of the profile that the project asks for.
        variables: Variables of the project.
        started: When dbt is to believe that it starts.
        schema: What the names of all schemas that it writes to start with; none for those of
            the target.
        sources: By id, where the target has the raw tables: `database`, `schema` and
            `relation_name`; only needed with a schema.
    """

    command: str
    revision: str
    workplace: Path
    profile: str
    variables: Mapping[str, Any] = field(hash=False)
    started: datetime = STARTED
    schema: str | None = None
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def prepare(self, target: Target) -> None:
        """Write what the process reads."""
        if self.schema is not None:
            target = replace(target, settings={**target.settings, "schema": self.schema})
        name = database_file(target)
        (self.workplace / SCRATCH).mkdir(exist_ok=True)
        # The same name in every workplace: templates may write it into SQL.
        path = f"../{SCRATCH}/{name}" if name else None
        write_profile(target, self.profile, self.workplace / PROFILE, path=path)
        request = {
            "command": self.command,
            "target": target.name,
            "adapter": target.adapter_type,
            "vars": dict(self.variables),
            "database": name,
            "started": self.started.isoformat(),
            "place": self._place(target),
        }
        (self.workplace / REQUEST).write_text(json.dumps(request, default=str), encoding="utf-8")

    def _place(self, target: Target) -> dict[str, Any] | None:
        if self.schema is None:
            return None
        database = target.settings.get("dbname") or target.settings.get("database")
        sources = {name: dict(source) for name, source in self.sources.items()}
        return {"database": str(database), "schema": self.schema, "sources": sources}

    def start(self) -> subprocess.Popen[str]:
        """Start the process."""
        with (self.workplace / _OUTPUT).open("w") as output:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "metrics_store.review.jobs.job_process"],
                cwd=self.workplace,
                env={**os.environ, **QUIET_ENVIRONMENT},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # Ctrl-C reaches it once, through its standard input
            )

    def failure(self) -> MetricsStoreError:
        """Say why it did not succeed, in dbt's own words."""
        message = self._read_file(FAILURE) or self._read_file(_OUTPUT)
        return failure_of_job(self.command, self.revision, message)

    def lasting_failure(self) -> str:
        """Give what dbt says of a mistake in the files themselves; empty where there is none."""
        return self._read_file(FAILURE) if (self.workplace / LASTING).exists() else ""

    def _read_file(self, name: str) -> str:
        path = self.workplace / name
        message = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        here = str(self.workplace.resolve())
        for spelled in (f"{here}/{FILES}/", f"{here}/", f"{self.workplace}/{FILES}/", here):
            message = message.replace(spelled, "")
        return message.strip()[:_LONGEST_MESSAGE]


def failure_of_job(command: str, revision: str, message: str) -> MetricsStoreError:
    """Say why dbt could not compile or build a revision, in its own words."""
    return MetricsStoreError(
        f"dbt cannot {command} the project of {revision}",
        where=message.replace("\n", "\n    "),
        expected=f"a project that dbt can parse and {command}",
        remedy=_remedy(message),
    )


def _remedy(message: str) -> str:
    if message.startswith(OUTSIDE):
        return "let their schemas come from generate_schema_name, with no name or database fixed"
    if "permission denied" in message:
        return "grant the target's user what is missing, or compare on a target of type duckdb"
    if "Required var" in message:
        return "give the variable a value in review.yml, under data: vars:"
    return "mend what dbt names, or choose another revision"
