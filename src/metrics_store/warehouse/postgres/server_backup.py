"""How to back up a PostgreSQL warehouse: with PostgreSQL's own tools."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import artifacts_directory, read_manifest

if TYPE_CHECKING:
    from metrics_store.project.profile import Target


def require_embedded(target: Target) -> None:
    """Check that a target keeps its warehouse in a file of ours.

    Raises:
        MetricsStoreError: It is a server; the message has the command for what cannot be made
            again there.
    """
    if target.adapter_type == "duckdb":
        return
    schemas = " ".join(f"--schema={shlex.quote(name)}" for name in _lasting_schemas(target))
    database = target.settings.get("dbname") or target.settings.get("database") or ""
    raise MetricsStoreError(
        "a server's warehouse is backed up with the server's own tools",
        where=f"target {target.name}, type: {target.adapter_type}",
        expected="a target of type duckdb",
        remedy="what cannot be built again, the raw tables and the snapshots, is kept by "
        f"`pg_dump --format=custom {schemas} --file=backup.dump {database}` and brought back "
        "into an empty database by `pg_restore --dbname=... backup.dump`; then `metrics build`",
    )


def _lasting_schemas(target: Target) -> list[str]:
    """Name the schemas of the raw tables and of the snapshots, as of the last build."""
    try:
        manifest = read_manifest(artifacts_directory(target))
    except MetricsStoreError:
        return ["SCHEMA"]
    snapshots = [one for one in manifest["nodes"].values() if one["resource_type"] == "snapshot"]
    return sorted({one["schema"] for one in (*manifest["sources"].values(), *snapshots)})
