"""What an answer says besides its rows, as JSON lists in the metadata of its schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

WARNINGS = b"warnings"
ROLLUPS = b"rollups"
ROLLUP_REASONS = b"rollup_reasons"


def with_notices(table: pa.Table, key: bytes, texts: Sequence[str]) -> pa.Table:
    """Give an answer that says texts under a key; without any it stays as it is."""
    if not texts:
        return table
    known = table.schema.metadata or {}
    return table.replace_schema_metadata({**known, key: json.dumps(list(texts)).encode()})


def notices_of(schema: pa.Schema, key: bytes) -> tuple[str, ...]:
    """Give the texts that a table's schema says under a key; none where they cannot be read."""
    try:
        content = json.loads((schema.metadata or {}).get(key, b"[]"))
    except ValueError:
        return ()
    return tuple(map(str, content)) if isinstance(content, list) else ()


def warnings_of(schema: pa.Schema) -> tuple[str, ...]:
    """Give the warnings that a table's schema says."""
    return notices_of(schema, WARNINGS)
