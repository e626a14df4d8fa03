"""The roll-ups of a snapshot: what is declared, and which tables can be used."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.engine.call import NotKeptError
from metrics_store.engine.rollups.table_state import TableState
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import MANIFEST
from metrics_store.query.plans.plan_files import PlanScope
from metrics_store.query.rollups.rollup_table import RollupTable
from metrics_store.version import __version__
from metrics_store.warehouse.embedded.provenance import vouched_rollups

if TYPE_CHECKING:
    from metrics_store.engine.rollups.table_check import TableCheck
    from metrics_store.engine.rollups.table_marks import TableMarks
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.query.planner import Planner
    from metrics_store.query.plans.plan_cache import PlanCache
    from metrics_store.query.rollups.declaration import RollupDeclaration

# Raised when the same declarations give other tables than before, or are checked otherwise.
_FORM = "5"


@dataclasses.dataclass(frozen=True)
class DeclaredRollups:
    """The roll-ups that a project declares.

    Attributes:
        tables: Those that could be read, with their relations.
        problems: Of the others, the saved query and why.
    """

    tables: tuple[RollupTable, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class RollupStates:
    """Roll-ups as they are now.

    Attributes:
        tables: Each with whether it can be used.
        problems: Of those that could not be read, the saved query and why.
    """

    tables: tuple[tuple[RollupTable, TableState], ...]
    problems: tuple[tuple[str, str], ...]


class RollupCatalogue:
    """Knows the roll-ups of one snapshot, and looks each table over before it is used.

    Args:
        snapshot: What is live.
        cache: Where what was found out is kept for other processes.
    """

    def __init__(self, snapshot: Snapshot, cache: PlanCache) -> None:
        self._snapshot = snapshot
        self._cache = cache
        self._lock = threading.Lock()
        self._declared: DeclaredRollups | None = None
        self._check: TableCheck | None = None
        self._states: dict[str, TableState] = {}
        self._marks: TableMarks | None = None
        self._relations_of: dict[str, tuple[str, ...]] = {}

    @property
    def is_known(self) -> bool:
        """Whether the declarations were read."""
        return self._declared is not None

    def declared(self) -> DeclaredRollups:
        """Give the declared roll-ups."""
        if self._declared is None:
            with self._lock:
                if self._declared is None:
                    self._declared = self._read()
        return self._declared

    def states(self) -> RollupStates:
        """Give all roll-ups, each with its state.

        Raises:
            UnavailableError: The warehouse cannot be reached.
        """
        declared = self.declared()
        return RollupStates(
            tuple((table, self.state(table)) for table in declared.tables), declared.problems
        )

    def state_of(self, declaration: RollupDeclaration) -> TableState:
        """Give the state of a table that is not declared, as if it were.

        Raises:
            MetricsStoreError: It is over what cannot be rolled up, or cannot be reached.
        """
        with self._snapshot.planning() as planner:
            [table] = _tables(planner, declaration)
            named = dataclasses.replace(table, relation=_quoted(declaration.table))
            check = self._checks_of((named,))
            planned = check.planned(named)
        return check.state(planned)

    def state(self, table: RollupTable, *, at_once: bool = False) -> TableState:
        """Give the state of a roll-up with the data that is live.

        Args:
            table: The roll-up.
            at_once: Only with what is in memory.

        Raises:
            UnavailableError: The warehouse cannot be reached.
            NotKeptError: It is wanted at once, and was not found out before.
        """
        known = self._states.get(table.name) if self._snapshot.is_immutable else None
        if known is None and at_once:
            raise NotKeptError
        if self._snapshot.is_immutable:
            if known is None:
                with self._lock:
                    known = self._states.get(table.name)
                    if known is None:
                        known = self._looked_up(table, self._version())
                        self._states[table.name] = known
            return known
        with self._lock:
            return self._state_by_marks(table)

    def _version(self) -> str:
        """Give the version of a file that nobody can write to while it is open here."""
        log = Path(f"{self._snapshot.warehouse.database}.wal")
        found = log.stat() if log.exists() else None
        changed = found and (found.st_ino, found.st_size, found.st_mtime_ns)
        return f"{self._snapshot.data_version} {changed}"

    def _state_by_marks(self, table: RollupTable) -> TableState:
        if self._marks is None:
            from metrics_store.engine.rollups.table_marks import TableMarks  # noqa: PLC0415 - for PostgreSQL

            self._marks = TableMarks(self._snapshot.executor.read)
        relations = self._relations(table)
        return self._marks.state(table, relations, lambda marks: self._looked_up(table, marks))

    def _relations(self, table: RollupTable) -> tuple[str, ...]:
        """Give a roll-up's relation, and those that its rows come from."""
        known = self._relations_of.get(table.name)
        if known is None:
            scope = self._scope("relations", self._snapshot.manifest_hash)
            key = json.dumps(table.to_json(), sort_keys=True)
            text = self._cache.text(scope, key)
            if text is None:
                with self._snapshot.planning():
                    text = json.dumps(self._checks().planned(table).relations)
                self._cache.put_text(scope, key, text)
            known = self._relations_of[table.name] = tuple(json.loads(text))
        return known

    def _looked_up(self, table: RollupTable, version: str) -> TableState:
        """Give a state that was kept for a version of the data, or look the table over."""
        scope = self._scope("states", version, self._snapshot.manifest_hash)
        key = json.dumps(table.to_json(), sort_keys=True)
        text = self._cache.text(scope, key)
        if text is not None:
            return TableState.from_json(json.loads(text))
        with self._snapshot.planning():
            check = self._checks()
            planned = check.planned(table)
        state = check.state(planned, is_vouched=self._is_vouched(table))
        self._cache.put_text(scope, key, json.dumps(state.to_json()))
        return state

    def _is_vouched(self, table: RollupTable) -> bool:
        """Whether the build of a generation made this roll-up of the rows beside it."""
        database = self._snapshot.warehouse.database
        if database is None:
            return False
        return table.name in vouched_rollups(database, self._snapshot.semantic_manifest)

    def _checks(self) -> TableCheck:
        if self._check is None:
            self._check = self._checks_of(self.declared().tables)
        return self._check

    def _checks_of(self, tables: tuple[RollupTable, ...]) -> TableCheck:
        from metrics_store.engine.rollups.table_check import TableCheck  # noqa: PLC0415 - slow
        from metrics_store.query.rollups.rollup_select import RollupSelects  # noqa: PLC0415

        content = json.loads(self._snapshot.semantic_manifest)
        selects = RollupSelects(content, self._snapshot.dialect, tables)
        return TableCheck(self._snapshot.executor.read, selects, self._snapshot.dialect)

    def _read(self) -> DeclaredRollups:
        path = self._snapshot.warehouse.artifacts / MANIFEST
        try:
            found = path.stat()
        except OSError:
            return DeclaredRollups()
        version = repr((str(path), found.st_ino, found.st_size, found.st_mtime_ns))
        scope = self._scope("declared", version, self._snapshot.manifest_hash)
        text = self._cache.text(scope, "")
        if text is None:
            declared = self._built(path.read_bytes())
            content = {
                "tables": [one.to_json() for one in declared.tables],
                "problems": declared.problems,
            }
            self._cache.put_text(scope, "", json.dumps(content))
            return declared
        content = json.loads(text)
        return DeclaredRollups(
            tuple(map(RollupTable.from_json, content["tables"])),
            tuple((name, reason) for name, reason in content["problems"]),
        )

    def _built(self, text: bytes) -> DeclaredRollups:
        from metrics_store.query.rollups.declaration import declarations_in  # noqa: PLC0415 - seldom

        try:
            found = declarations_in(text)
        except MetricsStoreError as error:
            return DeclaredRollups((), (("", error.what),))
        declarations = [one for one in found if not one.is_for_exports]
        if not declarations:
            return DeclaredRollups()
        relations = {
            node["name"]: node.get("relation_name")
            for node in json.loads(text)["nodes"].values()
            if node["resource_type"] == "model"
        }
        tables, problems = [], []
        with self._snapshot.planning() as planner:
            for one in declarations:
                try:
                    built = _tables(planner, one)
                except MetricsStoreError as error:
                    problems.append((one.name, error.what))
                    continue
                for table in built:
                    relation = _quoted(one.table) if one.table else relations.get(table.name)
                    if relation:
                        tables.append(dataclasses.replace(table, relation=relation))
                    else:
                        problems.append(
                            (one.name, f"{table.name} is no model yet: run `metrics exports`")
                        )
        return DeclaredRollups(tuple(tables), tuple(problems))

    def _scope(self, *parts: str) -> PlanScope:
        text = "\n".join((__version__, _FORM, self._snapshot.dialect, *parts))
        return PlanScope(hashlib.sha256(text.encode()).hexdigest())


def _tables(planner: Planner, declaration: RollupDeclaration) -> tuple[RollupTable, ...]:
    from metrics_store.query.rollups.table_builder import build_tables  # noqa: PLC0415 - slow

    return build_tables(planner, [declaration])


def _quoted(table: str) -> str:
    return ".".join(f'"{part}"' for part in table.split("."))
