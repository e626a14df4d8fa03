"""How a metric changed: what `metrics changelog` reads in git."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

# Reviews are above the app, which may not import them: the command is asked, as by a person.
_COMMAND = "from metrics_store.cli import main; main()"
_SECONDS = 600


def metric_versions(metric: str, project: Path, target: str | None) -> str:
    """Give the changes of a metric, the newest first, as Markdown.

    Cost: dbt reads each state of the definitions once, some seconds each; they are kept.

    Args:
        metric: Its name.
        project: The dbt project.
        target: The target of its profile; by default the profile's own.

    Raises:
        MetricsStoreError: git or dbt cannot tell, or it takes too long.
    """
    return _read(metric, str(project), target)


@st.cache_data(show_spinner="Reading its versions from git ...", max_entries=200, ttl=3600)
def _read(metric: str, project: str, target: str | None) -> str:
    arguments = ["changelog", metric, "--format", "markdown"]
    if target:
        arguments += ["--target", target]
    try:
        done = subprocess.run(
            [sys.executable, "-c", _COMMAND, *arguments],
            cwd=project,
            env={**os.environ, "DBT_PROJECT_DIR": project},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MetricsStoreError(
            "the history takes longer to read than a page should wait",
            remedy=f"run `metrics changelog {metric}` once; what it has read is kept",
        ) from None
    if done.returncode != 0:
        said = done.stderr.rpartition("error: ")[2].strip().splitlines()
        raise MetricsStoreError(
            said[0] if said else "the history cannot be read",
            remedy=f"see what `metrics changelog {metric}` says",
        )
    return done.stdout
