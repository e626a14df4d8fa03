"""What an answer says besides its rows, in the metadata of its schema."""

from __future__ import annotations

import datetime as dt
import enum
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

WARNINGS = b"warnings"
WARNING_KINDS = b"warning_kinds"
ROLLUPS = b"rollups"
ROLLUP_REASONS = b"rollup_reasons"
REFERENCE_DATE = b"reference_date"


class NoticeKind(enum.StrEnum):
    """What a notice is about."""

    DEPRECATED_METRIC = "deprecated_metric"
    PARTIAL_PERIOD = "partial_period"
    EMPTY_ANSWER = "empty_answer"


@dataclass(frozen=True)
class Notice:
    """One thing that whoever asks should know of an answer.

    Attributes:
        kind: What it is about.
        text: What is to be known, in words.
    """

    kind: NoticeKind
    text: str


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


def with_reference_date(table: pa.Table, day: dt.date | None) -> pa.Table:
    """Give an answer that says the last day that its data tell of, where that is known."""
    if day is None:
        return table
    known = table.schema.metadata or {}
    return table.replace_schema_metadata({**known, REFERENCE_DATE: day.isoformat().encode()})


def reference_date_of(schema: pa.Schema) -> dt.date | None:
    """Give the last day that the data tell of, where a table's schema says it."""
    try:
        return dt.date.fromisoformat((schema.metadata or {}).get(REFERENCE_DATE, b"").decode())
    except ValueError:
        return None
