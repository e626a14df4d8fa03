"""Reads the roll-ups that saved queries declare, with the SQL of their rows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.exports.export_dialects import EXPORT_DIALECTS
from metrics_store.exports.hashed_rows import hashed_rows
from metrics_store.exports.model_references import with_references
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.periods import GRAINS
from metrics_store.query.planner import Planner
from metrics_store.query.rollups.declaration import read_declarations
from metrics_store.query.rollups.rollup_select import RollupSelects
from metrics_store.query.rollups.row_checksum import HASH_COLUMNS
from metrics_store.query.rollups.table_builder import generated_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.exports.export_sources import ExportSources
    from metrics_store.query.rollups.rollup_table import RollupTable


@dataclass(frozen=True)
class RollupModel:
    """A roll-up that is made by dbt.

    Attributes:
        table: What it stores.
        sql: The SELECT of its rows a dialect, relations written as `ref()`.
        periods: How the periods that changed are found; none where all is aggregated anew.
    """

    table: RollupTable
    sql: dict[str, str]
    periods: RollupPeriods | None = None


@dataclass(frozen=True)
class RollupPeriods:
    """How the periods of a roll-up whose rows changed are found.

    Attributes:
        hashes: The SELECT of the hash of each period's rows a dialect.
        source: The relation whose rows are rolled up, as the SELECTs have it.
        start: The start of a row's period, as SQL over that relation.
    """

    hashes: dict[str, str]
    source: str
    start: str


def read_rollups(sources: ExportSources) -> list[RollupModel]:
    """Give every roll-up that is to be generated, by name.

    Args:
        sources: What dbt's manifests say.

    Raises:
        MetricsStoreError: One is over what cannot be rolled up.
    """
    declarations = read_declarations({"saved_queries": sources.saved_queries})
    if not declarations:
        return []
    content = sources.definitions
    planner = Planner(parse_semantic_manifest(json.dumps(content)), next(iter(EXPORT_DIALECTS)))
    tables = generated_tables(planner, declarations)
    selects = {dialect: RollupSelects(content, dialect, tables) for dialect in EXPORT_DIALECTS}
    return [_hashed(table, selects, content) for table in sorted(tables, key=lambda one: one.name)]


def _rows(table: RollupTable, selects: Mapping[str, RollupSelects]) -> dict[str, str]:
    return {dialect: with_references(one.select(table)) for dialect, one in selects.items()}


def _hashed(
    table: RollupTable, selects: Mapping[str, RollupSelects], content: Mapping[str, Any]
) -> RollupModel:
    """Give a roll-up whose periods are told apart, as far as its SELECTs are of a form for it."""
    time = next((one for one in table.names if one.path == METRIC_TIME), None)
    model = next(one for one in content["semantic_models"] if one["name"] == table.model)
    source = model["node_relation"]["relation_name"]
    sql, hashes = {}, {}
    for dialect, one in selects.items():
        grouping = one.aggregates(table)
        found = hashed_rows(grouping, dialect, "" if time is None else time.column)
        # Rows that are joined to those of other periods have to be there.
        reads = len(re.findall(rf"\b{source}\b", grouping))
        if time is None or time.grain not in GRAINS or found is None or reads != 1:
            return RollupModel(table, _rows(table, selects))
        sql[dialect] = with_references(one.named(table, found.groups, HASH_COLUMNS))
        hashes[dialect] = with_references(found.periods)
        dimension = next(one for one in model["dimensions"] if one["name"] == table.time)
        start = f"DATE_TRUNC('{time.grain}', {dimension['expr'] or dimension['name']})"
    return RollupModel(table, sql, RollupPeriods(hashes, with_references(source), start))
