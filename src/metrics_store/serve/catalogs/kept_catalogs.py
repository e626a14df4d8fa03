"""The catalogs of what is live, kept by what is visible in them."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

from metrics_store.query.selects.tables.table_catalog import table_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.access.principal import Principal
    from metrics_store.engine.engine import Engine
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.selects.tables.table_catalog import ColumnTypes, TableCatalog

    Types = Callable[[Engine, Principal, str], ColumnTypes]
    _Names = tuple[tuple[str, ...], ...]


class KeptCatalogs:
    """The catalogs of an engine; safe for any number of threads.

    Args:
        engine: The engine.
        types: Makes what finds the types of columns, of the engine, a principal and a dialect.
    """

    def __init__(self, engine: Engine, types: Types) -> None:
        self._engine = engine
        self._types = types
        self._kept: dict[tuple[str, _Names], tuple[str, TableCatalog]] = {}
        self._building = threading.Lock()

    def catalog(self, principal: Principal) -> TableCatalog:
        """Give what a principal sees now."""
        return self.keyed(principal)[1]

    def keyed(self, principal: Principal) -> tuple[str, TableCatalog]:
        """Give what a principal sees now, with what tells it from all that looks otherwise."""
        version = self._engine.data_version
        definitions = self._engine.definitions(principal)
        seen = (version, _visible(definitions))
        found = self._kept.get(seen)
        if found is not None:
            return found
        with self._building:
            if seen not in self._kept:
                types = self._types(self._engine, principal, definitions.dialect)
                # Of what was live before nobody asks any more.
                kept = {one: known for one, known in self._kept.items() if one[0] == version}
                catalog = table_catalog(definitions, types)
                self._kept = {**kept, seen: (_key(catalog), catalog)}
            return self._kept[seen]


def _key(catalog: TableCatalog) -> str:
    said = repr([[*one.columns.values()] for one in catalog.tables.values()])
    said += repr([*catalog.tables]) + repr(catalog.metrics)
    return hashlib.sha256(said.encode()).hexdigest()


def _visible(definitions: Definitions) -> _Names:
    """Give the names that are visible, which tell what is in the lists of one version."""
    return (
        tuple(one.name for one in definitions.metrics()),
        tuple(one.qualified_name for one in definitions.dimensions()),
        tuple(one.name for one in definitions.entities()),
        tuple(one.name for one in definitions.saved_queries()),
    )
