"""What raw tables hold that could be fields, in a project that sells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.fields.suggested_fields import suggested_fields
from metrics_store.project.profile import Target

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.fields.raw_columns import RawColumn

LOG = {
    "entity": "book",
    "record": "book_id",
    "key": "field",
    "value": "new_value",
    "form": "f[0-9]",
}
NAMES = {"table": "fields", "key": "key", "name": "name", "options": "options"}
LIBRARY = """
create schema raw_library;
create table raw_library."BookLog" ("bookId" int, "Field" text, "newValue" text);
insert into raw_library."BookLog" values
    (1, 'f1', '5'), (1, 'f1', '6'), (2, 'f1', null), (1, 'title', 'Sea'), (2, 'f2', '7.5'),
    (3, 'f3', '2024-01-01'), (3, 'f4', 'x');
create table raw_library.fields (key text, name text, options text);
insert into raw_library.fields values
    ('f1', 'Shelf no. 1', '[{"id": 5}]'), ('f2', '2nd worth', null);
create table raw_library.book ("Id" int, "Shelf" text, _fivetran_synced text, title text);
insert into raw_library.book values (1, 'A', '', 'Sea'), (2, '', '', 'Sky');
"""


def _source(name: str, identifier: str, columns: tuple[str, ...], said: object) -> dict[str, Any]:
    return {
        "source_name": "library",
        "name": name,
        "schema": "raw_library",
        "identifier": identifier,
        "columns": dict.fromkeys(columns),
        "config": {"meta": {"custom_fields": said} if said else {}},
        "original_file_path": "models/library.yml",
    }


def _suggested(directory: Path, log: object) -> list[RawColumn]:
    path = directory / "warehouse.duckdb"
    if not path.exists():
        with duckdb.connect(str(path)) as connection:
            connection.execute(LIBRARY)
    manifest = {
        "nodes": {
            "fields": {
                "config": {"meta": {"custom_fields": {"fields": [{"columns": {"x": "F4"}}]}}}
            }
        },
        "sources": {
            "log": _source("log", "book_log", (), log),
            "fields": _source("fields", "fields", (), None),
            "book": _source("book", "BOOK", ("id", "title"), "book"),
            "away": _source("away", "away", (), "book"),
        },
    }
    target = Target(directory, "duckdb", {"type": "duckdb", "path": "warehouse.duckdb"})
    return suggested_fields(manifest, target)


def test_keys_of_rows_and_columns_are_suggested(tmp_path: Path) -> None:
    """Not those that are fields, those of another form, and those of the contract."""
    found = _suggested(tmp_path, {**LOG, "names": NAMES})
    said = [(one.name, one.label, one.type, one.filled, one.rows, one.examples) for one in found]
    assert said == [
        ("f1", "Shelf no. 1", "text", 1, 3, ("5", "6")),
        ("f2", "2nd worth", "number", 1, 3, ("7.5",)),
        ("f3", "", "date", 1, 3, ("2024-01-01",)),
        ("Shelf", "", "text", 1, 2, ("A",)),
    ]
    assert [one.line for one in found] == [
        "{column: f1, name: shelf_no_1, type: text}",
        "{column: f2, name: field_2nd_worth, type: number}",
        "{column: f3, type: date}",
        "{column: Shelf, type: text}",
    ]
    assert [one.is_worth_it for one in found] == [True, True, False, False]


@pytest.mark.parametrize(
    ("log", "says"),
    [
        ({"entity": "book"}, "does not say `record`"),
        ({**LOG, "value": "price"}, "raw_library.BookLog has no column price"),
    ],
)
def test_a_source_that_does_not_say_enough_is_named(tmp_path: Path, log: object, says: str) -> None:
    with pytest.raises(MetricsStoreError, match=says) as raised:
        _suggested(tmp_path, log)
    assert raised.value.where.startswith("models/library.yml, table log")
