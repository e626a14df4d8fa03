"""Publication of a build's manifests on a server, safe when the build is killed.

The tables take their place in one transaction of the database; the manifests are files. A reader
that finds manifests waiting looks in the database whether the tables are in place: the schemas of
the build are gone as soon as they have the live names.
"""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

from metrics_store.project.artifacts import (
    MANIFEST,
    SEMANTIC_MANIFEST,
    artifacts_directory,
    copy_manifests,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import psycopg

    from metrics_store.project.profile import Target

_DIRECTORY = "publication"
_SCHEMAS = "schemas.json"
# How long a build takes at most, once its tables are in place, to put the manifests there too.
_PATIENCE_SECONDS = 2.0
_POLL_SECONDS = 0.02


def waiting_directory(target: Target) -> Path:
    """Give the directory in which manifests wait."""
    return artifacts_directory(target) / _DIRECTORY


def prepare(target: Target, source: Path, schemas: dict[str, str]) -> None:
    """Store the manifests of a build until its tables are in place.

    Args:
        target: The target.
        source: Where dbt wrote them.
        schemas: The schemas the build was made in, by the live ones whose place they take.
    """
    waiting = waiting_directory(target)
    unfinished = waiting.with_name(f"{_DIRECTORY}.new")
    for directory in (unfinished, waiting):
        shutil.rmtree(directory, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name in (MANIFEST, SEMANTIC_MANIFEST):
        text = (source / name).read_text(encoding="utf-8")
        for live, made in schemas.items():
            # No other text has this name in it: a build makes it up.
            text = text.replace(made, live)
        (unfinished / name).write_text(text, encoding="utf-8")
    content = json.dumps(sorted(schemas.values()))
    (unfinished / _SCHEMAS).write_text(content, encoding="utf-8")
    unfinished.rename(waiting)


def publish_waiting(target: Target, connection: psycopg.Connection) -> bool:
    """Publish waiting manifests if their tables are in place; else remove them.

    Returns:
        Whether they were put there.
    """
    waiting = waiting_directory(target)
    if not waiting.is_dir():
        return False
    is_live = _in_place(waiting, connection)
    if is_live:
        copy_manifests(waiting, artifacts_directory(target))
    shutil.rmtree(waiting, ignore_errors=True)
    return is_live


def current_artifacts(target: Target) -> Path:
    """Give the directory with the manifests that belong to the tables that are live."""
    artifacts, waiting = artifacts_directory(target), waiting_directory(target)
    if not waiting.is_dir():
        return artifacts
    from metrics_store.warehouse.postgres.postgres_connection import connect  # noqa: PLC0415 - seldom needed

    try:
        with connect(target) as connection:
            if not _in_place(waiting, connection):
                return artifacts
    except FileNotFoundError:  # settled meanwhile
        return artifacts
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while waiting.is_dir() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return waiting if waiting.is_dir() else artifacts


def _in_place(waiting: Path, connection: psycopg.Connection) -> bool:
    made: Collection[str] = json.loads((waiting / _SCHEMAS).read_text(encoding="utf-8"))
    query = "select count(*) from pg_namespace where nspname = any(%s)"
    row = connection.execute(query, [list(made)]).fetchone()
    return row is not None and row[0] == 0
