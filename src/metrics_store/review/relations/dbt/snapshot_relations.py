"""The relation of a snapshot: its query, and how it detects new versions of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.relations.fingerprints import fingerprint
from metrics_store.review.relations.relation import OpenColumns, Rows, relation

if TYPE_CHECKING:
    from metrics_store.review.relations.relation import Relation

_SETTINGS = (
    "strategy",
    "hard_deletes",
    "invalidate_hard_deletes",
    "dbt_valid_to_current",
)
_COLUMNS_OF_DBT = (
    "dbt_scd_id",
    "dbt_updated_at",
    "dbt_valid_from",
    "dbt_valid_to",
    "dbt_is_deleted",
)


def snapshot_relation(config: dict[str, Any], query: Relation) -> Relation:
    """Give the relation of a snapshot.

    Args:
        config: The snapshot's configuration.
        query: What it takes versions of.
    """
    settings = [[key, str(config.get(key))] for key in _SETTINGS]
    keys = [query.column(name) for name in _names(config.get("unique_key"))]
    checked = config.get("check_cols")
    if checked == "all":
        watched = [query.whole]
    else:
        watched = [query.column(name) for name in _names(checked)]
    watched += [query.column(name) for name in _names(config.get("updated_at"))]
    rows = fingerprint("snapshot", query.rows, settings, sorted(keys), sorted(watched))
    renamed = config.get("snapshot_meta_column_names") or {}
    columns = {name: fingerprint("version", column) for name, column in query.columns.items()}
    for name in _COLUMNS_OF_DBT:
        columns[str(renamed.get(name) or name).lower()] = fingerprint("of snapshot", rows, name)
    open_columns = (
        [OpenColumns(fingerprint("version", query.all_columns()))] if query.open_columns else []
    )
    return relation(Rows(rows), columns, open_columns)


def _names(value: object) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
