"""A snapshot: a warehouse and the definitions that belong to it, at one moment."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from metrics_store.engine.snapshots.input_types import InputTypes
from metrics_store.engine.snapshots.permissions import Permissions
from metrics_store.engine.snapshots.project_calendar import ProjectCalendar
from metrics_store.errors import MetricsStoreError, UnavailableError
from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST
from metrics_store.query.definitions.deprecation import read_deprecations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from metrics_store.access.principal import Principal
    from metrics_store.engine.snapshots.dimension_types import DimensionTypes
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.definitions.deprecation import Deprecation
    from metrics_store.query.planner import Planner
    from metrics_store.query.row_sources import RowSource
    from metrics_store.warehouse.embedded.duckdb_executor import Resources
    from metrics_store.warehouse.live_warehouse import LiveWarehouse

FileVersions = tuple[object, ...]
# The second is a mistake for the first, which must not open the store.
POLICY_FILES = ("access.yml", "access.yaml")


def _file_version(path: str) -> FileVersions:
    """Give the version of a file, which changes when it is replaced or written."""
    try:
        found = os.stat(path)  # noqa: PTH116 - for each request
    except OSError:
        return (None,)
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def _files(warehouse: LiveWarehouse) -> tuple[Path, ...]:
    """Give the files that make a warehouse and its definitions."""
    policies = (warehouse.target.project_directory / name for name in POLICY_FILES)
    artifacts = (warehouse.artifacts / name for name in (SEMANTIC_MANIFEST, MANIFEST))
    database = () if warehouse.database is None else (warehouse.database,)
    return (*database, *artifacts, *policies)


def file_versions(warehouse: LiveWarehouse) -> FileVersions:
    """Give the versions of the files of a warehouse and its definitions; cheap to compute."""
    return tuple((path, *_file_version(path)) for path in map(str, _files(warehouse)))


def _live_files(warehouse: LiveWarehouse) -> tuple[str, ...]:
    """Give the same files, the database by the path that leads to whatever is live.

    Nothing is given where more than the versions of these decides what is live.
    """
    database = warehouse.database
    if database is None or warehouse.artifacts.parent != database.parent:
        return ()
    return (str(warehouse.target.duckdb_path), *map(str, _files(warehouse)[1:]))


class Snapshot:
    """A warehouse, opened, and its definitions as they were read; used under a lease.

    Args:
        warehouse: What is live.
        resources: What DuckDB may use.

    Raises:
        UnavailableError: The warehouse cannot be opened, or there are no definitions.
    """

    def __init__(self, warehouse: LiveWarehouse, resources: Resources) -> None:
        self.warehouse = warehouse
        self.file_versions = file_versions(warehouse)
        self._live_files = _live_files(warehouse)
        try:
            self._manifest = (warehouse.artifacts / SEMANTIC_MANIFEST).read_bytes()
        except OSError:
            raise UnavailableError(
                "the metrics are not built yet",
                where=str(warehouse.artifacts / SEMANTIC_MANIFEST),
                remedy="run `metrics build`",
            ) from None
        self.manifest_hash = hashlib.sha256(self._manifest).hexdigest()
        self.data_version = hashlib.sha256(
            repr((self.manifest_hash, self.file_versions)).encode()
        ).hexdigest()
        self.executor = warehouse.executor(resources)
        self.calendar = ProjectCalendar(
            lambda: self.content, self.executor.read, keeps=self.is_immutable
        )
        self._types: DimensionTypes | None = None
        self._planning = threading.Lock()
        self._leases = threading.Lock()
        self._leased = 0
        self._retired = self._closed = False

    @property
    def is_live(self) -> bool:
        """Whether it is certain that nothing newer was published; quicker than to look that up."""
        found = [version[1:] for version in self.file_versions if isinstance(version, tuple)]
        return bool(self._live_files) and found == [*map(_file_version, self._live_files)]

    @property
    def dialect(self) -> str:
        """The SQL that the warehouse speaks."""
        return self.warehouse.target.adapter_type

    @property
    def is_immutable(self) -> bool:
        """Whether its data cannot change unseen: a file, and not a server that others write to."""
        return self.warehouse.database is not None

    @functools.cached_property
    def _planner(self) -> Planner:
        # MetricFlow takes half a second to import, which a question planned before need not wait.
        from metrics_store.query.manifest_reader import parse_semantic_manifest  # noqa: PLC0415
        from metrics_store.query.planner import Planner  # noqa: PLC0415

        try:
            manifest = parse_semantic_manifest(self._manifest.decode("utf-8"))
            types = InputTypes(manifest, self.executor.read)
            planner = Planner(manifest, self.dialect, is_integer=types.is_integer)
            # What does not fit together shows only here; any question would need it.
            _ = planner.semantic_manifest_lookup
        except MetricsStoreError:
            raise
        except Exception as error:
            raise UnavailableError(
                "the definitions cannot be read",
                where=str(self.warehouse.artifacts / SEMANTIC_MANIFEST),
                remedy="run `metrics build`",
                detail=type(error).__name__,
            ) from error
        return planner

    @property
    def semantic_manifest(self) -> bytes:
        """The content of the definitions' file."""
        return self._manifest

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        """The definitions as they are written, for who does not wait for MetricFlow."""
        content: dict[str, Any] = json.loads(self._manifest)
        return content

    @functools.cached_property
    def unit_names(self) -> Mapping[str, str]:
        """What units are called here, such as `currency` and its code; the meta of models says."""
        names: dict[str, str] = {}
        for model in self.content["semantic_models"]:
            declared = ((model.get("config") or {}).get("meta") or {}).get("unit_names")
            if isinstance(declared, dict):
                names |= {str(unit): str(name) for unit, name in declared.items() if name}
        return names

    @functools.cached_property
    def deprecations(self) -> Mapping[str, Deprecation]:
        """The deprecated metrics by name; invalid declarations are left out."""
        # Not out of the planner: requests planned before do not wait for MetricFlow.
        metrics = self.content["metrics"]
        return read_deprecations(
            {one["name"]: (one.get("config") or {}).get("meta") or {} for one in metrics}
        )

    @property
    def permissions_are_known(self) -> bool:
        """Whether the permissions were read before."""
        return "permissions" in vars(self)

    @functools.cached_property
    def permissions(self) -> Permissions:
        """The permissions of principals.

        Raises:
            UnavailableError: The policies, or the definitions that they name, cannot be used.
        """
        project = self.warehouse.target.project_directory
        if not any(os.path.lexists(project / name) for name in POLICY_FILES):
            return Permissions(None, None)
        from metrics_store.access.policies.policies import Policies  # noqa: PLC0415 - slow, as below

        with self.planning() as planner:
            try:
                return Permissions(Policies.load(project, planner.manifest), planner)
            except MetricsStoreError as error:
                raise UnavailableError(
                    "the policies cannot be used",
                    where=POLICY_FILES[0],
                    remedy="run `metrics access`, which says what is wrong with them",
                    detail=str(error),
                ) from None

    @functools.cached_property
    def row_sources(self) -> Mapping[str, RowSource]:
        """The source of each metric that has a value for each group of its rows.

        Raises:
            UnavailableError: The definitions cannot be read.
        """
        from metrics_store.query.row_sources import row_sources  # noqa: PLC0415 - as above

        with self.planning() as planner:
            return row_sources(planner.manifest)

    def definitions(self, principal: Principal) -> Definitions:
        """Give the definitions that are visible to a principal.

        Raises:
            UnavailableError: The definitions cannot be read.
        """
        from metrics_store.query.definitions.definitions import (  # noqa: PLC0415 - slow, as above
            definitions_of,
        )

        grant = self.permissions.grant(principal)
        with self.planning() as planner:
            return definitions_of(planner) if grant is None else definitions_of(planner, grant)

    def dimension_types(self, planner: Planner) -> DimensionTypes:
        """Give the types of dimensions in the warehouse; the caller holds the planner."""
        if self._types is None:
            from metrics_store.engine.snapshots.dimension_types import DimensionTypes  # noqa: PLC0415 - slow

            self._types = DimensionTypes(planner.manifest, self.executor.read)
        return self._types

    @contextmanager
    def planning(self) -> Iterator[Planner]:
        """Give the planner to one thread at a time: two would only take turns, more slowly.

        Raises:
            UnavailableError: The definitions cannot be read.
        """
        with self._planning:
            yield self._planner

    @contextmanager
    def leased(self) -> Iterator[None]:
        """Keep the warehouse open for the `with` block, even when something newer is live."""
        with self._leases:
            self._leased += 1
        try:
            yield
        finally:
            with self._leases:
                self._leased -= 1
            self._close_if_unused()

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return not self._closed

    def retire(self) -> None:
        """Close the warehouse as soon as nobody uses it any more."""
        with self._leases:
            self._retired = True
        self._close_if_unused()

    def _close_if_unused(self) -> None:
        with self._leases:
            closes = self._retired and self._leased == 0 and not self._closed
            self._closed = self._closed or closes
        if closes:
            self.executor.close()
