"""What the raw tables hold that could become custom fields."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from metrics_store.fields.field_places import VAR
from metrics_store.fields.keyed_values import keyed_fields
from metrics_store.fields.raw_columns import unknown_columns
from metrics_store.fields.raw_tables import folded
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from metrics_store.fields.raw_columns import RawColumn
    from metrics_store.project.profile import Target

Node = Mapping[str, Any]


def _listed(manifest: Node) -> set[str]:
    """Give the raw columns that are custom fields already."""
    found = set()
    for node in manifest["nodes"].values():
        for one in (node["config"].get("meta", {}).get(VAR) or {}).get("fields", []):
            found |= {folded(str(column)) for column in one["columns"].values()}
    return found


def _sources(manifest: Node) -> Iterator[tuple[Node, Any]]:
    for source in manifest["sources"].values():
        said = (source["config"].get("meta") or {}).get(VAR)
        if said:
            yield source, said


def suggested_fields(manifest: Node, target: Target) -> list[RawColumn]:
    """Look at what raw tables hold that neither the contract nor the custom fields know.

    Args:
        manifest: dbt's manifest; sources say with `custom_fields` in `config.meta` whose their
            columns are, or which of their rows are values of fields.
        target: Where the raw tables are.

    Raises:
        MetricsStoreError: The warehouse cannot be read, or a source does not say enough.
    """
    listed = _listed(manifest)
    found: list[RawColumn] = []
    with contextlib.closing(find_live_warehouse(target).executor()) as executor:
        for source, said in _sources(manifest):
            if isinstance(said, Mapping):
                tables = {
                    other["name"]: other
                    for other in manifest["sources"].values()
                    if other["source_name"] == source["source_name"]
                }
                found += keyed_fields(source, said, tables, executor, listed)
            else:
                found += unknown_columns(source, str(said), executor, listed)
    return found
