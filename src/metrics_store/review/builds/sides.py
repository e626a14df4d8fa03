"""Both sides of a review, built on the same data, for as long as they are asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.builds.building import built_all
from metrics_store.review.builds.data import find_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revisions.artifacts import Artifacts


@contextmanager
def built_sides(
    sides: tuple[Artifacts, Artifacts], target: Target, data: Path | None
) -> Iterator[list[Target]]:
    """Build the base and the head where the target's kind of warehouse is.

    In DuckDB they are files that are kept; in PostgreSQL, schemas that are dropped afterwards.

    Args:
        sides: The base and the head.
        target: The target as it stands.
        data: A DuckDB file with the raw tables; none for what `review.yml` says, or for what
            PostgreSQL has.

    Raises:
        MetricsStoreError: A side cannot be built.
    """
    if target.adapter_type != "postgres":
        yield built_all(sides, find_data(sides[1], target, data), target)
        return
    if data is not None:
        raise MetricsStoreError(
            "the raw tables of a PostgreSQL target are read where they lie",
            where=f"target {target.name}, --data {data}",
            expected="no file of data; files are for targets of type duckdb",
            remedy="leave --data out, or choose a target of type duckdb with --target",
        )
    # Imported here, so that a review in DuckDB does not wait for the driver.
    from metrics_store.review.builds.postgres import built_in_postgres  # noqa: PLC0415

    with built_in_postgres(sides, target) as targets:
        yield targets
