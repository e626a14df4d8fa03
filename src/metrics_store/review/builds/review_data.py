"""The raw tables that both revisions of a review are built on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.builds.data_steps import data_of_steps, key_of_steps
from metrics_store.review.jobs.job_process import STARTED
from metrics_store.review.settings import read_settings
from metrics_store.warehouse.embedded.database_file import file_state
from metrics_store.warehouse.embedded.generations import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision_artifacts import Artifacts


@dataclass(frozen=True)
class Data:
    """Raw tables.

    Attributes:
        description: What they are, for people.
        file: A DuckDB file with them, read only; none where seeds are all the data there is.
        key: The same key, the same rows.
        started: When the builds are to believe that they run (UTC): two builds of the same
            definitions must agree, whenever they are made.
    """

    description: str
    file: Path | None
    key: str
    started: datetime


def find_data(head: Artifacts, target: Target, file: Path | None = None) -> Data:
    """Give the data to build on.

    It is the file named; else what the steps in `review.yml` make; else the target's live
    warehouse; else nothing, which is enough for a project that has its data in seeds.

    Args:
        head: The revision whose contracts of raw tables the data follow.
        target: The target as it stands.
        file: A DuckDB file with raw tables.

    Raises:
        MetricsStoreError: The target is no DuckDB file, the file is not there, or a step fails.
    """
    require_duckdb(target)
    if file is not None:
        if not file.is_file():
            raise MetricsStoreError(
                "there is no such file of data", where=str(file), expected="a DuckDB file"
            )
        return _of_file(file, f"the data in {file}")
    steps = read_settings(target.project_directory).data.steps
    if steps and head.files is not None:
        database = data_of_steps(steps, head, target)
        return Data(f"`{'`, `'.join(steps)}`", database, key_of_steps(steps, head), STARTED)
    generation = Warehouse(target.duckdb_path).current()
    if generation is not None:
        return _of_file(generation.database, f"the warehouse of the target {target.name}")
    return Data("the project's seeds", None, "seeds", STARTED)


def live_data(target: Target) -> Data:
    """Give the raw tables of the target's live warehouse.

    Raises:
        MetricsStoreError: The target is no DuckDB file, or there is none yet.
    """
    require_duckdb(target)
    generation = Warehouse(target.duckdb_path).current()
    if generation is None:
        raise MetricsStoreError(
            "there is no live warehouse whose raw tables could be built on",
            where=str(target.duckdb_path),
            remedy="run `metrics load` first, or leave --live out",
        )
    return _of_file(
        generation.database, f"the raw tables of the live warehouse {target.duckdb_path}"
    )


def require_duckdb(target: Target) -> None:
    """Check that warehouses of the target's kind can be built side by side.

    Raises:
        MetricsStoreError: They cannot.
    """
    if target.adapter_type != "duckdb":
        raise MetricsStoreError(
            "this is built in DuckDB only, and the target is of another kind",
            where=f"target {target.name}, type: {target.adapter_type}",
            remedy="choose a target of type duckdb with --target",
        )


def _of_file(file: Path, description: str) -> Data:
    state = file_state(file)
    changed = max(entry[-1] for entry in state) / 1e9
    key = hashlib.sha256(repr(state).encode()).hexdigest()
    return Data(description, file, key, datetime.fromtimestamp(changed, UTC))
