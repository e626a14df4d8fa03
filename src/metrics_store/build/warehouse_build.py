"""Builds the warehouse of a target, of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.build.adapter_build import build_by_adapter
from metrics_store.build.embedded_build import build_embedded
from metrics_store.build.server_build import build_server
from metrics_store.build.spark.spark_build import build_spark
from metrics_store.errors import MetricsStoreError
from metrics_store.query.dialects.known_dialects import DIALECTS

if TYPE_CHECKING:
    from metrics_store.build.build_options import BuildOptions
    from metrics_store.project.profile import Target

_BUILDERS = {"duckdb": build_embedded, "postgres": build_server, "spark": build_spark}


def run_build(target: Target, options: BuildOptions) -> str:
    """Build the target's warehouse with dbt.

    Returns:
        What was built and where, for people.

    Raises:
        MetricsStoreError: The build did not succeed, or the target is of another kind.
    """
    adapter_type = target.settings.get("type")
    if adapter_type not in DIALECTS:
        raise MetricsStoreError(
            f"the target {target.name} is of a kind that cannot be built",
            where=f"profiles.yml, type: {adapter_type}",
            expected="a target of type " + ", ".join(DIALECTS),
        )
    return _BUILDERS.get(adapter_type, build_by_adapter)(target, options)
