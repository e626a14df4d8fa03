"""Which roll-ups cover a question, and why the others do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import TimeGranularity

from metrics_store.query.corrections.period_hierarchy import grain_lies_within
from metrics_store.query.date_parts import split_date_part
from metrics_store.query.filters.filter_tree import All, Any, Constant, Kind, Not, name_of
from metrics_store.query.metric_time import METRIC_TIME, known_grains
from metrics_store.query.metricflow.rollup_plans.rollup_source import StoredKind
from metrics_store.query.resolution.requested_names import (
    find_saved_query,
    requested_group_bys,
    requested_metrics,
)
from metrics_store.query.rollups.metric_leaves import MetricLeaves, Needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from metrics_store.query.filters.filter_tree import Filter, Term
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner
    from metrics_store.query.rollups.metric_leaves import Leaf
    from metrics_store.query.rollups.rollup_table import RollupTable

_STANDARD = {one.value: one for one in TimeGranularity}


@dataclass(frozen=True)
class Coverage:
    """The roll-ups that cover a question.

    Attributes:
        candidates: For each semantic model and time that can be answered from roll-ups, the names
            of those that cover all that is asked of it.
        reasons: Why the rest is answered from the rows themselves.
    """

    candidates: tuple[tuple[str, ...], ...] = ()
    reasons: tuple[str, ...] = ()


class CoverageFinder:
    """Finds the roll-ups that cover questions.

    Args:
        planner: Knows the definitions.
        tables: The roll-ups.
    """

    def __init__(self, planner: Planner, tables: Sequence[RollupTable]) -> None:
        self._planner = planner
        self._tables = tables
        self._leaves = MetricLeaves(planner)
        self._grains = known_grains(planner.manifest)

    def find(
        self, known: MetricRequest, restricted_by: Mapping[str, Sequence[str] | None]
    ) -> Coverage:
        """Give the roll-ups that cover a resolved request.

        Args:
            known: The request.
            restricted_by: For each semantic model the names that decide which of its rows the
                principal may see; none where no names do.
        """
        metrics = [one.lower() for one in requested_metrics(self._planner.manifest, known)]
        if not metrics:
            return Coverage(reasons=("values of dimensions are not in roll-ups",))
        needed = self.needed(known)
        if needed is None:
            return Coverage(reasons=("a filter on a metric is answered row by row",))
        leaves = self._leaves.of(metrics)
        unrollable = {leaf.model: leaf.unrollable for leaf in leaves if leaf.unrollable}
        groups: dict[tuple[str, str], list[Leaf]] = {}
        for leaf in leaves:
            groups.setdefault((leaf.model, leaf.time), []).append(leaf)
        candidates, reasons = [], list(dict.fromkeys(unrollable.values()))
        for (model, time), of_model in groups.items():
            if model in unrollable:
                continue
            of_table = {
                table.name: self._missing(table, of_model, needed, restricted_by.get(model))
                for table in self._tables
                if (table.model, table.time) == (model, time)
            }
            covering = tuple(name for name, missing in of_table.items() if not missing)
            if covering:
                candidates.append(covering)
            elif of_table:
                reasons += [f"{name} {missing}" for name, missing in of_table.items()]
            else:
                reasons.append(f"no roll-up stores {of_model[0].metric}")
        return Coverage(tuple(candidates), tuple(reasons))

    def _missing(
        self,
        table: RollupTable,
        leaves: Sequence[Leaf],
        needed: Iterable[Needed],
        restricted_by: Sequence[str] | None,
    ) -> str:
        """Say what a table lacks; empty where it covers all."""
        stored = {one.metric for one in table.inputs}
        for leaf in leaves:
            if leaf.metric not in stored:
                return f"does not store {leaf.metric}"
            for one in (*leaf.names, *needed, *_days_of(leaf)):
                if not self._has(table, one):
                    return f"has no {one}"
        if restricted_by is None or not all(_has_plain(table, one) for one in restricted_by):
            return "does not tell the rows apart that may be seen"
        return ""

    def _has(self, table: RollupTable, needed: Needed) -> bool:
        path = METRIC_TIME if table.key(needed.path) == table.time else needed.path
        return any(
            one.kind is not StoredKind.TIME or self._tells_apart(one.grain, needed)
            for one in table.stored(path)
        )

    def _tells_apart(self, grain: str, needed: Needed) -> bool:
        by_days = bool(_STANDARD[grain].to_int() <= TimeGranularity.DAY.to_int())
        wanted = needed.grain
        if not wanted:
            # It is compared in its own grain, which may be any.
            return by_days
        if wanted not in _STANDARD:
            return by_days
        return bool(grain_lies_within(_STANDARD[grain], _STANDARD[wanted]))

    def needed(self, known: MetricRequest) -> frozenset[Needed] | None:
        """Give the names that all metrics are asked by; none where one is a metric in a filter."""
        found = set()
        for group_by in map(str.lower, requested_group_bys(self._planner.manifest, known)):
            bare, part = split_date_part(group_by)
            path, _, grain = bare.rpartition("__")
            if part is not None:
                found.add(Needed(bare, "day"))
            elif path and grain in self._grains:
                found.add(Needed(path, grain))
            else:
                found.add(Needed(bare))
        saved = find_saved_query(self._planner.manifest, known)
        if saved is not None:
            filtered = self._leaves.names_in(saved.query_params.where)
            if filtered is None:
                return None
            found |= filtered
        conditions = [*([] if known.where is None else [known.where]), *known.conditions]
        for term in _terms(conditions):
            name = name_of(term)
            if name.kind is Kind.METRIC:
                return None
            found.add(Needed(name.path, name.grain or ""))
        return frozenset(found)


def _days_of(leaf: Leaf) -> Iterator[Needed]:
    if leaf.needs_days:
        yield Needed(METRIC_TIME, "day")


def _has_plain(table: RollupTable, path: str) -> bool:
    return bool(path) and any(one.kind is not StoredKind.TIME for one in table.stored(path))


def _terms(trees: Iterable[Filter]) -> Iterator[Term]:
    for tree in trees:
        match tree:
            case All(parts) | Any(parts):
                yield from _terms(parts)
            case Not(part):
                yield from _terms([part])
            case Constant():
                continue
            case _:
                yield tree.term
