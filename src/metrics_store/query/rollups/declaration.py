"""The declarations of roll-ups: saved queries with `rollup` in their `config.meta`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.query.periods import FINER_THAN_DAYS, GRAINS

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY = "rollup"
_FIELDS = ("grain", "table", "columns", "for")
# Whom a roll-up serves where the declaration says so: all else is answered without it.
_EXPORTS = "exports"
# Letters, digits and underscores, a schema in front, and a database in front of that.
_TABLE = re.compile(r"|\w+\.\w+(\.\w+)?", re.ASCII)
_GRAINS = (*FINER_THAN_DAYS, *GRAINS)


@dataclass(frozen=True)
class RollupDeclaration:
    """A saved query whose metrics are to be stored by its group-bys.

    Attributes:
        name: The saved query.
        grain: The grain that its metrics' time is stored by; empty for that of the saved query.
        table: A table of the user's own, `schema.table`; empty for one that is generated.
        columns: What the user's table calls a column: name of the roll-up's -> name there.
        is_for_exports: Whether exports alone are built from it, and no question is answered.
    """

    name: str
    grain: str = ""
    table: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    is_for_exports: bool = False

    @property
    def is_registered(self) -> bool:
        """Whether the user has the table already."""
        return bool(self.table)


def declarations_in(text: bytes) -> tuple[RollupDeclaration, ...]:
    """Read the declarations in dbt's `manifest.json`, by name.

    Raises:
        MetricsStoreError: One is not what a declaration may be.
    """
    if b'"rollup"' not in text:
        # Without any, nobody waits for megabytes to be read.
        return ()
    return read_declarations(json.loads(text))


def read_declarations(manifest: Mapping[str, Any]) -> tuple[RollupDeclaration, ...]:
    """Read the declarations of dbt's manifest, by name.

    Raises:
        MetricsStoreError: One is not what a declaration may be.
    """
    found = []
    for node in manifest.get("saved_queries", {}).values():
        given = ((node.get("config") or {}).get("meta") or {}).get(_KEY, False)
        if given is not False:
            found.append(read_declaration(str(node["name"]), given))
    return tuple(sorted(found, key=lambda one: one.name))


def read_declaration(name: str, given: object) -> RollupDeclaration:
    """Read what a saved query's `config.meta` says of its roll-up.

    Raises:
        MetricsStoreError: It is not what a declaration may be.
    """
    if given is True:
        return RollupDeclaration(name)
    if not isinstance(given, dict) or set(given) - set(_FIELDS):
        raise _wrong(name, given, "`rollup: true`, or a mapping with " + ", ".join(_FIELDS))
    grain = given.get("grain", "")
    if grain and grain not in _GRAINS:
        raise _wrong(name, grain, "grain: one of " + ", ".join(_GRAINS))
    table, columns = given.get("table", ""), given.get("columns", {})
    if not isinstance(table, str) or not _TABLE.fullmatch(table):
        raise _wrong(name, table, "table: schema.table")
    if not isinstance(columns, dict) or not all(
        isinstance(one, str) for one in (*columns, *columns.values())
    ):
        raise _wrong(
            name, columns, "columns: names of the roll-up's columns, each with the table's"
        )
    if columns and not table:
        raise _wrong(name, given, "columns of a table: say `table: schema.table` too")
    serves = given.get("for", "")
    if serves not in ("", _EXPORTS):
        raise _wrong(name, serves, f"for: {_EXPORTS}, or nothing for all questions")
    if serves and table:
        raise _wrong(name, given, "a roll-up for exports is generated: leave out `table`")
    return RollupDeclaration(name, grain, table, columns, bool(serves))


def _wrong(name: str, given: object, expected: str) -> MetricsStoreError:
    return MetricsStoreError(
        f"the roll-up {name} is declared in a way that is not understood",
        where=f"config.meta.rollup of the saved query {name}: {given}",
        expected=expected,
        remedy="see docs/rollups.md",
    )
