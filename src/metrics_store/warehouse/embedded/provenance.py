"""Which roll-ups the build of a generation made of the rows that lie beside them.

Two files beside the database say so: the builder names the roll-ups, and publishing notes the state
of the database file. Once another program has written to the file, nobody vouches for them.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from metrics_store.warehouse.embedded.database_file import file_state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ROLLUPS = "rollups.json"
_PUBLISHED = "published.json"


def note_rollups(database: Path, names: Iterable[str], definitions: bytes) -> None:
    """Name the roll-ups that a build made of the rows of this database.

    Args:
        database: The DuckDB file of a generation that is not published yet.
        names: The dbt models of the roll-ups.
        definitions: The content of `semantic_manifest.json` that they follow from.
    """
    noted = {"definitions": _digest(definitions), "rollups": sorted(names)}
    (database.parent / _ROLLUPS).write_text(json.dumps(noted), encoding="utf-8")


def note_published(database: Path) -> None:
    """Note the state of a database that is about to become live, and is written to no more."""
    state = json.dumps(file_state(database))
    (database.parent / _PUBLISHED).write_text(state, encoding="utf-8")


def vouched_rollups(database: Path, definitions: bytes) -> frozenset[str]:
    """Give the roll-ups whose rows are those that their build made; empty where nobody can tell."""
    try:
        published = json.loads((database.parent / _PUBLISHED).read_bytes())
        noted = json.loads((database.parent / _ROLLUPS).read_bytes())
    except (OSError, ValueError):
        return frozenset()
    is_as_published = published == [list(one) for one in file_state(database)]
    is_as_built = noted["definitions"] == _digest(definitions)
    return frozenset(noted["rollups"]) if is_as_published and is_as_built else frozenset()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
