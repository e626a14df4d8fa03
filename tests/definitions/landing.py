"""Exports as four connectors land them, each with its spelling, types and own columns."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

Rows = list[dict[str, str]]

# Types by the folded names of columns; all else is text.
_TYPES = {
    **dict.fromkeys(("amount", "annualrevenue", "probability"), "double precision"),
    **dict.fromkeys(("isclosed", "iswon", "isactive", "isdeleted", "done"), "boolean"),
    **dict.fromkeys(
        ("createddate", "lastmodifieddate", "changetime", "dueto", "modified"),
        "timestamp with time zone",
    ),
    "closedate": "date",
    **dict.fromkeys(("activityid", "dealid", "assignedtouser", "stageid"), "bigint"),
}
_SYNCED = "2024-07-01 06:00:00+00:00"


@dataclass(frozen=True)
class Landing:
    """How a connector lands an export.

    Attributes:
        name: The connector.
        table: How it spells tables.
        column: How it spells columns.
        own: Its own columns: name -> type and value.
        types: Types that are others than usual, by the folded names of columns.
        gone: Its column that says that a record is gone, and what that holds then; empty where the
            record's own does.
        keeps_versions: Whether each former version of an opportunity is a row.
    """

    name: str
    table: Callable[[str], str]
    column: Callable[[str], str]
    own: dict[str, tuple[str, str]]
    types: dict[str, str]
    gone: tuple[str, str] = ("", "")
    keeps_versions: bool = False


def _snake(name: str) -> str:
    base = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return re.sub("__+", "_", base)


def _camel(name: str) -> str:
    return (
        "".join(word[:1].upper() + word[1:] for word in name.split("_"))
        if "__" not in name
        else name
    )


def _joined(name: str) -> str:
    return _snake(name).replace("_", "")


LANDINGS = (
    Landing(
        "fivetran",
        _snake,
        _snake,
        {
            "_fivetran_synced": ("timestamp with time zone", _SYNCED),
            "_fivetran_deleted": ("boolean", "false"),
        },
        {},
        gone=("_fivetran_deleted", "true"),
    ),
    Landing(
        "fivetran_history",
        _snake,
        _snake,
        {
            "_fivetran_synced": ("timestamp with time zone", _SYNCED),
            "_fivetran_active": ("boolean", "true"),
        },
        {},
        keeps_versions=True,
    ),
    Landing(
        "airbyte",
        _camel,
        _camel,
        {
            "_airbyte_raw_id": ("text", "0190f1c2"),
            "_airbyte_extracted_at": ("timestamp with time zone", _SYNCED),
            "_airbyte_meta": ("json", '{"changes": []}'),
            "_airbyte_generation_id": ("bigint", "3"),
        },
        {"amount": "numeric(38, 9)", "probability": "numeric(38, 9)"},
    ),
    Landing(
        "stitch",
        _joined,
        _joined,
        {
            "_sdc_batched_at": ("timestamp with time zone", _SYNCED),
            "_sdc_received_at": ("timestamp with time zone", _SYNCED),
            "_sdc_sequence": ("bigint", "1719813600000"),
            "_sdc_table_version": ("bigint", "1"),
            "_sdc_deleted_at": ("timestamp with time zone", ""),
        },
        {"closedate": "timestamp with time zone"},
        gone=("_sdc_deleted_at", _SYNCED),
    ),
    Landing(
        "dlt",
        _snake,
        _snake,
        {"_dlt_load_id": ("text", "1719813600.5"), "_dlt_id": ("text", "Fz0aQpo2")},
        {},
    ),
    # What a tool in the middle makes of either.
    Landing(
        "capitals", lambda name: _snake(name).upper(), lambda name: _snake(name).upper(), {}, {}
    ),
)


def read_export(directory: Path) -> dict[str, Rows]:
    """Read an export's files, each as the table that it is named for."""
    found = {}
    for path in sorted(directory.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def _folded(name: str) -> str:
    return name.lower().replace("_", "")


def _literal(text: str, type_: str) -> str:
    """Write a value; times without an offset are UTC's, wherever the session is."""
    if "zone" in type_ and not re.search(r"(Z|[+-]\d\d:\d\d)$", text):
        text = text and f"{text if ':' in text else f'{text} 00:00:00'}+00:00"
    return f"cast({_quoted(text)} as {type_})" if text else "null"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _landed_rows(table: str, rows: Rows, landing: Landing) -> Iterator[dict[str, str]]:
    own = {name: value for name, (_, value) in landing.own.items()}
    for row in rows:
        kept = dict(row)
        column, value = landing.gone
        gone = kept.get("IsDeleted") == "true" and column
        if gone:
            kept["IsDeleted"] = "false"
        versions = landing.keeps_versions and table == "Opportunity"
        if versions:
            kept |= {
                "_fivetran_start": kept["LastModifiedDate"] or kept["CreatedDate"],
                "_fivetran_end": "9999-12-31 23:59:59",
            }
            if kept["LastModifiedDate"]:
                yield {
                    **kept,
                    **own,
                    "Amount": "1",
                    "_fivetran_active": "false",
                    "_fivetran_start": kept["CreatedDate"],
                    "_fivetran_end": kept["LastModifiedDate"],
                }
        yield {**kept, **own, **({column: value} if gone else {})}


def landed_statements(
    schema: str, tables: dict[str, Rows], landings: Sequence[Landing]
) -> Iterator[str]:
    """Give the statements that make connectors' tables, each in its turn, in a schema."""
    yield f"drop schema if exists {schema} cascade"
    yield f"create schema {schema}"
    for (table, rows), landing in zip(tables.items(), cycle(landings), strict=False):
        landed = list(_landed_rows(table, rows, landing))
        name = f'{schema}."{landing.table(table)}"'
        names = list(landed[0])
        types = {
            column: landing.own[column][0]
            if column in landing.own
            else {**_TYPES, **landing.types}.get(_folded(column), "text")
            for column in names
        }
        spelled = {
            column: column if column.startswith("_") else landing.column(column) for column in names
        }
        declared = ", ".join(f'"{spelled[column]}" {types[column]}' for column in names)
        yield f"create table {name} ({declared})"
        for row in landed:
            values = ", ".join(_literal(row[column], types[column]) for column in names)
            yield f"insert into {name} values ({values})"
