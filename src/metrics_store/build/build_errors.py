"""What is said where dbt does not succeed."""

from __future__ import annotations

from metrics_store.errors import MetricsStoreError


def failed_build(error: MetricsStoreError, consequence: str, where: str) -> MetricsStoreError:
    """Give the error of a build in which dbt did not succeed.

    Args:
        error: What dbt's end says.
        consequence: What it means for who reads the warehouse, joined to it.
        where: What was to be built.
    """
    return MetricsStoreError(
        f"{error.what}{consequence}",
        where=where,
        expected="every model builds and every test passes, but for warnings",
        remedy="mend what dbt names above and run `metrics build` again",
    )
