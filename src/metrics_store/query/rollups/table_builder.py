"""Builds the tables of a declared roll-up, or says by name and reason why it cannot be."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import EntityType
from metricflow_semantics.model.semantics.semantic_model_helper import SemanticModelHelper

from metrics_store.errors import MetricsStoreError
from metrics_store.query.date_parts import split_date_part
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_time import METRIC_TIME, known_grains
from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredKind, StoredName
from metrics_store.query.periods import FINER_THAN_DAYS, GRAINS
from metrics_store.query.resolution.requested_names import find_saved_query, saved_group_bys
from metrics_store.query.rollups.metric_leaves import MetricLeaves, Needed
from metrics_store.query.rollups.rollup_table import RollupTable
from metrics_store.query.rollups.stored_aggregates import AggregateSet, unrollable_reason
from metrics_store.warehouse.identifiers import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from metricflow_semantic_interfaces.implementations.semantic_model import PydanticSemanticModel

    from metrics_store.query.planner import Planner
    from metrics_store.query.rollups.declaration import RollupDeclaration
    from metrics_store.query.rollups.metric_leaves import Leaf

_STANDARD = (*FINER_THAN_DAYS, *GRAINS)
_KINDS = {
    Kind.DIMENSION: StoredKind.DIMENSION,
    Kind.TIME_DIMENSION: StoredKind.TIME,
    Kind.ENTITY: StoredKind.ENTITY,
}


class RollupTableBuilder:
    """Builds tables of roll-ups over the definitions of a planner.

    Args:
        planner: Knows the definitions.
    """

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._leaves = MetricLeaves(planner)
        self._models = {one.name: one for one in planner.manifest.semantic_models}
        self._grains = known_grains(planner.manifest)

    def tables(self, declaration: RollupDeclaration) -> tuple[RollupTable, ...]:
        """Give the tables of a declaration, one for each semantic model and time.

        Raises:
            MetricsStoreError: It is over what cannot be rolled up.
        """
        saved = find_saved_query(
            self._planner.manifest, MetricRequest(saved_query=declaration.name)
        )
        if saved is None or not saved.query_params.metrics:
            raise self._refused(declaration, "its saved query has no metrics")
        metrics = [name.lower() for name in saved.query_params.metrics]
        asked = self._asked(declaration, metrics, saved_group_bys(saved.query_params))
        filtered = self._leaves.names_in(saved.query_params.where)
        if filtered is None:
            raise self._refused(declaration, "its filter is on a metric, row by row")
        leaves = self._leaves.of(metrics)
        for leaf in leaves:
            reason = leaf.unrollable or unrollable_reason(leaf.input)
            if reason:
                raise self._refused(declaration, reason)
        groups: dict[tuple[str, str], list[Leaf]] = {}
        for leaf in leaves:
            groups.setdefault((leaf.model, leaf.time), []).append(leaf)
        if declaration.is_registered and len(groups) > 1:
            models = ", ".join(sorted(model for model, _ in groups))
            raise self._refused(
                declaration, f"one table of yours cannot hold the measures of several: {models}"
            )
        return tuple(
            self._table(declaration, key, groups[key], {**asked, **self._kinds(metrics, filtered)})
            for key in sorted(groups)
        )

    def _asked(
        self, declaration: RollupDeclaration, metrics: Sequence[str], group_bys: Sequence[str]
    ) -> dict[Needed, StoredKind]:
        known = self._planner.resolve(MetricRequest(metrics=metrics, group_by=group_bys))
        needed = []
        for name in known.group_by:
            bare, part = split_date_part(name)
            if part is not None:
                raise self._refused(declaration, f"{name} is a part of a date: say {bare}__day")
            path, _, grain = bare.rpartition("__")
            needed.append(Needed(path, grain) if grain in self._grains and path else Needed(bare))
        if declaration.grain:
            needed = [one for one in needed if one.path != METRIC_TIME]
            needed.append(Needed(METRIC_TIME, declaration.grain))
        return self._kinds(metrics, needed)

    def _kinds(self, metrics: Sequence[str], needed: Iterable[Needed]) -> dict[Needed, StoredKind]:
        """Give names with what they are; times with their grain."""
        found: dict[Needed, StoredKind] = {}
        for one in needed:
            kind = _KINDS[self._kind(metrics, one.path)]
            if kind is StoredKind.TIME and not one.grain:
                grains = self._planner.time_grains(metrics, one.path)
                found[Needed(one.path, grains.default)] = kind
            else:
                found[one] = kind
        return found

    def _kind(self, metrics: Sequence[str], path: str) -> Kind:
        for metric in metrics:
            kind = self._planner.kinds(metric).get(path)
            if kind is not None:
                return kind
        return self._planner.all_kinds().get(path, Kind.DIMENSION)

    def _table(
        self,
        declaration: RollupDeclaration,
        key: tuple[str, str],
        leaves: Sequence[Leaf],
        asked: Mapping[Needed, StoredKind],
    ) -> RollupTable:
        model = self._models[key[0]]
        own = tuple(
            one.element_name for one in SemanticModelHelper.entity_links_for_local_elements(model)
        )
        bare = RollupTable("", declaration.name, *key, own, (), (), ())
        needed = dict(asked)
        for leaf in leaves:
            needed |= self._kinds([leaf.metric], leaf.names)
            needed |= self._kinds_of_balance(leaf, model)
        names = self._names(declaration, bare, needed, model)
        aggregates = AggregateSet(bare, names, self._planner.manifest)
        for leaf in leaves:
            reason = aggregates.add(leaf.input)
            if reason:
                raise self._refused(declaration, reason)
        for one in self._leaves.simple_inputs(*key):
            # What is stored for one metric answers others that are made of the same.
            aggregates.add_if_stored(one)
        self._check_days(declaration, leaves, names)
        table = dataclasses.replace(
            bare,
            name=f"rollup_{declaration.name}",
            names=names,
            aggregates=aggregates.aggregates,
            inputs=aggregates.inputs,
            columns=tuple(sorted(declaration.columns.items())),
        )
        self._check_columns(declaration, table)
        return table

    def _kinds_of_balance(
        self, leaf: Leaf, model: PydanticSemanticModel
    ) -> dict[Needed, StoredKind]:
        """Give what a semi-additive measure's day is found by."""
        balance = leaf.input.non_additive_dimension
        if balance is None:
            return {}
        link = model.primary_entity or next(
            one.name for one in model.entities if one.type is EntityType.PRIMARY
        )
        grain = next(
            one.type_params.time_granularity.value
            for one in model.dimensions
            if one.name == balance.name
        )
        found = {Needed(f"{link}__{balance.name}", grain): StoredKind.TIME}
        return found | {Needed(one): StoredKind.ENTITY for one in balance.window_groupings}

    def _names(
        self,
        declaration: RollupDeclaration,
        table: RollupTable,
        needed: Mapping[Needed, StoredKind],
        model: PydanticSemanticModel,
    ) -> tuple[StoredName, ...]:
        """Give the columns of the grain: each name once, a time by the finest of its grains."""
        keys = {one.name for one in model.entities if one.type is not EntityType.FOREIGN}
        found: dict[str, StoredName] = {}
        for one, kind in needed.items():
            key = table.key(one.path)
            if kind is StoredKind.ENTITY and key in keys:
                raise self._refused(
                    declaration, f"{one} is the key of {model.name}, so that nothing is rolled up"
                )
            if kind is not StoredKind.TIME:
                column = f"{one.path}__key" if kind is StoredKind.ENTITY else one.path
                found.setdefault(key, StoredName(one.path, kind, column))
                continue
            path = METRIC_TIME if key in (METRIC_TIME, table.time) else one.path
            grain = _finest(one.grain, found[path].grain if path in found else one.grain)
            found[path] = StoredName(path, kind, f"{path}__{grain}", grain)
        # Times first, then by name: the order of the columns does not depend on who declares.
        return tuple(sorted(found.values(), key=lambda one: (one.path != METRIC_TIME, one.column)))

    def _check_days(
        self, declaration: RollupDeclaration, leaves: Sequence[Leaf], names: Sequence[StoredName]
    ) -> None:
        grain = next((one.grain for one in names if one.path == METRIC_TIME), "")
        by_days = bool(grain) and _STANDARD.index(grain) <= _STANDARD.index("day")
        for leaf in leaves:
            if leaf.needs_days and not by_days:
                raise self._refused(
                    declaration,
                    f"{leaf.metric} is accumulated day by day, and the grain has no days: "
                    "group by metric_time__day",
                )

    def _check_columns(self, declaration: RollupDeclaration, table: RollupTable) -> None:
        for column in (table.name, *table.column_names):
            if len(column.encode()) > LONGEST_NAME:
                raise self._refused(
                    declaration, f"the name {column} is longer than {LONGEST_NAME} bytes"
                )
        unknown = sorted(set(declaration.columns) - set(table.column_names))
        if unknown:
            raise MetricsStoreError(
                f"the roll-up {declaration.name} has no column {unknown[0]}",
                where=f"config.meta.rollup.columns of the saved query {declaration.name}",
                expected="one of " + ", ".join(table.column_names),
            )

    def _refused(self, declaration: RollupDeclaration, reason: str) -> MetricsStoreError:
        return MetricsStoreError(
            f"{declaration.name} cannot be rolled up: {reason}",
            where=f"config.meta.rollup of the saved query {declaration.name}",
            remedy="leave out of the saved query what cannot be rolled up, or its `rollup`",
        )


def build_tables(
    planner: Planner, declarations: Iterable[RollupDeclaration]
) -> tuple[RollupTable, ...]:
    """Give the tables of declarations, named apart where one has several.

    Raises:
        MetricsStoreError: One is over what cannot be rolled up.
    """
    builder = RollupTableBuilder(planner)
    found: list[RollupTable] = []
    for declaration in declarations:
        tables = builder.tables(declaration)
        of_models = {one.model for one in tables}
        for one in tables:
            name = one.name if len(tables) == 1 else f"{one.name}__{one.model}"
            if len(of_models) < len(tables):
                name = f"{name}__{one.time}"
            found.append(dataclasses.replace(one, name=name))
    return tuple(found)


def generated_tables(
    planner: Planner, declarations: Sequence[RollupDeclaration]
) -> list[RollupTable]:
    """Give the tables that the project makes: all but those that somebody has registered.

    Raises:
        MetricsStoreError: One, registered or not, is over what cannot be rolled up.
    """
    registered = {one.name for one in declarations if one.is_registered}
    tables = build_tables(planner, declarations) if declarations else ()
    return [one for one in tables if one.rollup not in registered]


def _finest(grain: str, other: str) -> str:
    """Give a grain whose periods lie within those of both; a project's own are made of days."""
    if grain == other and grain in _STANDARD:
        return grain
    if not {grain, other} <= set(_STANDARD) or "week" in (grain, other):
        shortest = [one for one in (grain, other) if one in FINER_THAN_DAYS]
        return shortest[0] if shortest else "day"
    return min(grain, other, key=_STANDARD.index)
