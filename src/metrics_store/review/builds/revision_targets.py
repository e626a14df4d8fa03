"""The targets of both revisions of a review, built on the same raw tables."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.builds.duckdb_build import build_all_in_duckdb
from metrics_store.review.builds.review_data import Data, find_data, live_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.revision_artifacts import Artifacts


def data_of_sides(
    sides: tuple[Artifacts, Artifacts], target: Target, file: Path | None, *, live: bool = False
) -> Data:
    """Give the data that both sides are built on.

    Args:
        sides: The base and the head.
        target: The target as it stands.
        file: A DuckDB file with the raw tables; none for what `review.yml` says, or for what
            PostgreSQL has.
        live: Whether to take what is live in the target, whatever `review.yml` says.

    Raises:
        MetricsStoreError: There is no such data.
    """
    if target.adapter_type != "postgres":
        return live_data(target) if live else find_data(sides[1], target, file)
    if file is not None:
        raise MetricsStoreError(
            "the raw tables of a PostgreSQL target are read where they lie",
            where=f"target {target.name}, --data {file}",
            expected="no file of data; files are for targets of type duckdb",
            remedy="leave --data out, or choose a target of type duckdb with --target",
        )
    now = datetime.now(UTC)
    return Data(
        f"the raw tables of the target {target.name} at {now:%Y-%m-%d %H:%M} UTC", None, "", now
    )


@contextmanager
def open_sides(
    sides: tuple[Artifacts, Artifacts], target: Target, data: Data
) -> Iterator[list[Target]]:
    """Build the base and the head where the target's kind of warehouse is.

    In DuckDB they are files that are kept; in PostgreSQL, schemas that are dropped afterwards.

    Args:
        sides: The base and the head.
        target: The target as it stands.
        data: What they are built on.

    Raises:
        MetricsStoreError: A side cannot be built.
    """
    if target.adapter_type != "postgres":
        yield build_all_in_duckdb(sides, data, target)
        return
    # Imported here, so that a review in DuckDB does not wait for the driver.
    from metrics_store.review.builds.postgres_build import build_in_postgres  # noqa: PLC0415

    with build_in_postgres(sides, target) as targets:
        yield targets
