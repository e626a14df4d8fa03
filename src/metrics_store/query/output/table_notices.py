"""The notices of an answer, in the metadata of its schema under the key `warnings`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

WARNINGS = b"warnings"


def with_warnings(table: pa.Table, warnings: Sequence[str]) -> pa.Table:
    """Give an answer that says its warnings, as a JSON list; without any it stays as it is."""
    if not warnings:
        return table
    known = table.schema.metadata or {}
    return table.replace_schema_metadata({**known, WARNINGS: json.dumps(list(warnings)).encode()})


def warnings_of(schema: pa.Schema) -> tuple[str, ...]:
    """Give the warnings that a table's schema says; none where they cannot be read."""
    try:
        content = json.loads((schema.metadata or {}).get(WARNINGS, b"[]"))
    except ValueError:
        return ()
    return tuple(map(str, content)) if isinstance(content, list) else ()
