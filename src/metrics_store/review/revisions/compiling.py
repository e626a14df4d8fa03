"""Compile exported revisions, as many at the same time as there are processors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.project.dbt_command import QUIET_ENVIRONMENT, stop
from metrics_store.review.revisions.compile_process import (
    FAILURE,
    FILES,
    PROFILE,
    REQUEST,
    SCRATCH,
)
from metrics_store.review.revisions.scratch_profile import database_file, write_profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target

_OUTPUT = "output.txt"
_POLL_SECONDS = 0.05
_LONGEST_MESSAGE = 1_500


@dataclass(frozen=True)
class Compilation:
    """One revision to compile.

    Attributes:
        revision: What to call it in an error.
        workplace: A directory of its own, with the exported project in `files`.
        profile: The name of the profile that the project asks for.
    """

    revision: str
    workplace: Path
    profile: str

    def prepare(self, target: Target, variables: Mapping[str, Any]) -> None:
        """Write what the process reads."""
        name = database_file(target)
        (self.workplace / SCRATCH).mkdir()
        # The same name in every workplace: templates may write it into SQL.
        path = f"../{SCRATCH}/{name}" if name else None
        write_profile(target, self.profile, self.workplace / PROFILE, path=path)
        request = {
            "target": target.name,
            "adapter": target.adapter_type,
            "vars": dict(variables),
            "database": name,
        }
        (self.workplace / REQUEST).write_text(json.dumps(request, default=str), encoding="utf-8")

    def start(self) -> subprocess.Popen[str]:
        """Start the process."""
        with (self.workplace / _OUTPUT).open("w") as output:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "metrics_store.review.revisions.compile_process"],
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
        for name in (FAILURE, _OUTPUT):
            path = self.workplace / name
            message = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
            if message.strip():
                break
        here = str(self.workplace.resolve())
        for spelled in (f"{here}/{FILES}/", f"{here}/", f"{self.workplace}/{FILES}/", here):
            message = message.replace(spelled, "")
        shortened = message.strip()[:_LONGEST_MESSAGE]
        return MetricsStoreError(
            f"dbt cannot compile the project of {self.revision}",
            where=shortened.replace("\n", "\n    "),
            expected="a project that dbt can parse and compile",
            remedy="mend what dbt names, or choose another revision",
        )


def compile_all(
    compilations: Sequence[Compilation], target: Target, variables: Mapping[str, Any]
) -> None:
    """Compile the revisions and wait for all of them.

    Raises:
        MetricsStoreError: One cannot be compiled; the others are stopped.
    """
    waiting = list(compilations)
    running: dict[Compilation, subprocess.Popen[str]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                compilation = waiting.pop(0)
                compilation.prepare(target, variables)
                running[compilation] = compilation.start()
            for compilation, process in list(running.items()):
                if process.poll() is None:
                    continue
                del running[compilation]
                _close(process)
                if process.returncode != 0:
                    raise compilation.failure()
            time.sleep(_POLL_SECONDS)
    finally:
        for process in running.values():
            stop(process)
            _close(process)


def _close(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()
