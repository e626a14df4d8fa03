"""Chooses the roll-ups that answer a question: the smallest that cover it and can be used."""

from __future__ import annotations

import hashlib
import json
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.engine.call import NotKeptError
from metrics_store.engine.rollups.rollup_catalogue import RollupCatalogue
from metrics_store.engine.snapshots.permissions import row_markers
from metrics_store.query.dialects.known_dialects import DIALECTS

if TYPE_CHECKING:
    from metrics_store.access.row_filters import Scope
    from metrics_store.engine.rollups.table_state import TableState
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner
    from metrics_store.query.plans.plan_cache import PlanCache
    from metrics_store.query.plans.plan_files import PlanScope
    from metrics_store.query.rollups.rollup_table import RollupTable

# One that has planned holds some megabytes.
_PLANNERS = 16


@dataclass(frozen=True)
class RollupChoice:
    """The roll-ups that answer a question.

    Attributes:
        tables: The roll-ups, each with its state.
        reasons: Why others do not, or the rest is answered from the rows themselves.
    """

    tables: tuple[tuple[RollupTable, TableState], ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the roll-ups."""
        return tuple(table.name for table, _ in self.tables)

    @property
    def key(self) -> str:
        """The same for all choices that are planned alike, and empty for no roll-up."""
        if not self.tables:
            return ""
        parts = [[table.to_json(), list(state.whole_numbers)] for table, state in self.tables]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


NO_ROLLUP = RollupChoice()


@dataclass(frozen=True)
class ScopedRequest:
    """A request with what its plans depend on.

    Attributes:
        request: The request.
        shape: The same for all requests that differ in values only.
        permitted: The rows that the principal may see; none for all.
        plans: What plans over the rows themselves depend on besides the request.
    """

    request: MetricRequest
    shape: str
    permitted: Scope | None
    plans: PlanScope


class RollupChooser:
    """Chooses among the roll-ups of snapshots.

    Args:
        cache: Where what was found out is kept for other processes.
    """

    def __init__(self, cache: PlanCache) -> None:
        self._cache = cache
        self._catalogues: weakref.WeakKeyDictionary[Snapshot, RollupCatalogue] = (
            weakref.WeakKeyDictionary()
        )
        self._planners: OrderedDict[tuple[str, ...], Planner] = OrderedDict()

    def catalogue(self, live: Snapshot) -> RollupCatalogue:
        """Give the roll-ups of a snapshot."""
        found = self._catalogues.get(live)
        if found is None:
            found = self._catalogues.setdefault(live, RollupCatalogue(live, self._cache))
        return found

    def choose(
        self, live: Snapshot, scoped: ScopedRequest, *, at_once: bool = False
    ) -> RollupChoice:
        """Choose for a request.

        Args:
            live: What is live.
            scoped: The request.
            at_once: Only with what is in memory.

        Raises:
            MetricsStoreError: The request does not fit the definitions.
            NotKeptError: It is wanted at once, and was not found out before.
        """
        if not DIALECTS[live.dialect].has_fast_plans:
            return RollupChoice(reasons=(f"roll-ups are not read on {live.dialect}",))
        catalogue = self.catalogue(live)
        if at_once and not catalogue.is_known:
            raise NotKeptError
        declared = catalogue.declared()
        if not declared.tables:
            return RollupChoice(reasons=tuple(reason for _, reason in declared.problems))
        tables = {table.name: table for table in declared.tables}
        candidates, reasons = self._coverage(live, scoped, tables, at_once=at_once)
        chosen = []
        for names in candidates:
            covering = [tables[name] for name in names]
            states = [(one, catalogue.state(one, at_once=at_once)) for one in covering]
            usable = [one for one in states if not one[1].problem]
            if usable:
                chosen.append(min(usable, key=lambda one: (one[1].rows, one[0].name)))
            else:
                reasons += [f"{table.name} {state.problem}" for table, state in states]
        return RollupChoice(tuple(chosen), tuple(reasons))

    def _coverage(
        self,
        live: Snapshot,
        scoped: ScopedRequest,
        tables: dict[str, RollupTable],
        *,
        at_once: bool,
    ) -> tuple[list[list[str]], list[str]]:
        """Give the names of the roll-ups that cover a request, and why others do not."""
        digest = hashlib.sha256(
            json.dumps([one.to_json() for one in tables.values()], sort_keys=True).encode()
        ).hexdigest()
        key = f"roll-ups {digest} {scoped.shape}"
        text = self._cache.text(scoped.plans, key, in_memory=at_once)
        if text is None and at_once:
            raise NotKeptError
        if text is None:
            from metrics_store.access.authorisation.rollup_rows import row_names  # noqa: PLC0415 - slow
            from metrics_store.query.rollups.coverage import CoverageFinder  # noqa: PLC0415

            with live.planning() as planner:
                restricted_by = {
                    table.model: ()
                    if scoped.permitted is None
                    else row_names(planner.manifest, scoped.permitted, table.model)
                    for table in tables.values()
                }
                found = CoverageFinder(planner, tuple(tables.values())).find(
                    planner.resolve(scoped.request), restricted_by
                )
            text = json.dumps([found.candidates, found.reasons])
            self._cache.put_text(scoped.plans, key, text)
        candidates, reasons = json.loads(text)
        return candidates, reasons

    def planner(
        self, live: Snapshot, planner: Planner, permitted: Scope | None, choice: RollupChoice
    ) -> Planner:
        """Give a planner over the chosen roll-ups; the caller holds the snapshot's planner.

        Args:
            live: What is live.
            planner: Plans over the rows that may be seen.
            permitted: Which rows these are; none for all.
            choice: The roll-ups.
        """
        rows = "" if permitted is None else repr((permitted.rows.shape, permitted.has_metrics))
        key = (live.manifest_hash, live.dialect, rows, choice.key)
        found = self._planners.get(key)
        if found is None:
            from metrics_store.access.authorisation.rollup_rows import row_condition  # noqa: PLC0415 - slow
            from metrics_store.query.rollups.rollup_sources import source_of  # noqa: PLC0415

            found = planner.over_rollups(
                [
                    source_of(
                        table,
                        state.whole_numbers,
                        ""
                        if permitted is None
                        else row_condition(planner.manifest, permitted, table, row_markers()),
                    )
                    for table, state in choice.tables
                ]
            )
        self._planners[key] = found
        self._planners.move_to_end(key)
        while len(self._planners) > _PLANNERS:
            self._planners.popitem(last=False)
        return found
