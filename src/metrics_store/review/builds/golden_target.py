"""The target that golden values are built on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.project.profile import first_target_of_type

if TYPE_CHECKING:
    from metrics_store.project.profile import Target


def golden_target(target: Target) -> Target | None:
    """Give the target itself where it is of type duckdb, else the profile's first one that is.

    Golden values hold on the data of `review.yml`, which are loaded into a DuckDB file; what a
    server has changes from day to day.

    Returns:
        The target; none where the profile has none of that type.

    Raises:
        MetricsStoreError: An environment variable that it needs is unset.
    """
    if target.adapter_type == "duckdb":
        return target
    return first_target_of_type(target.project_directory, "duckdb")
