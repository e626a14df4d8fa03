"""What is wrong with the list of custom fields, before dbt reads it: dbt knows of no lines.

The project's macros refuse the same, so that plain dbt does not go on with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.fields.field_places import FieldPlaces

_KEYS = ("column", "name", "type", "label", "description", "values")
_TYPES = ("text", "number", "amount", "boolean", "date")
_COLUMN = re.compile(r"[A-Za-z0-9_]{1,63}")
_NAME = re.compile(r"(?!.*__)[a-z][a-z0-9_]{0,50}")


def _name_of(entry: Mapping[str, object], column: object) -> str:
    given = entry.get("name")
    base = str(given) if given else re.sub("__[cC]$", "", str(column))
    return re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", base).lower()


def _trouble(entry: object) -> tuple[str, str, str]:
    """Give what is wrong, what was expected, and the field's name where nothing is."""
    example = "such as {column: Region__c, type: text, label: Region}"
    if not isinstance(entry, Mapping) or not entry.get("column"):
        return "a custom field names no column", f"an entry {example}", ""
    unknown = [str(key) for key in entry if key not in _KEYS]
    if unknown:
        return f"a custom field has no setting `{unknown[0]}`", "one of " + ", ".join(_KEYS), ""
    kind = entry.get("type", "text")
    if kind not in _TYPES:
        return f"a custom field has the type {kind}", "one of " + ", ".join(_TYPES), ""
    column = entry["column"]
    columns = list(column.values()) if isinstance(column, Mapping) else [column]
    wrong = [str(one) for one in columns if not _COLUMN.fullmatch(str(one))]
    if wrong or not columns:
        what = f"no column can be named {wrong[0]!r}" if wrong else "no CRM has the column"
        return what, "letters, digits and underscores, 63 at most", ""
    name = _name_of(entry, columns[0])
    labels = entry.get("values") or {}
    what, expected = "", ""
    if not _NAME.fullmatch(name):
        what = f"no dimension can be named {name!r}"
        expected = "small letters, digits and single underscores, by `name`"
    elif not isinstance(labels, Mapping) or (labels and kind != "text"):
        what, expected = "a custom field has values without labels", "{value: label}, of a text"
    return what, expected, "" if what else name


def check_fields(places: FieldPlaces) -> None:
    """Look at every entry of the list.

    Raises:
        MetricsStoreError: One is not right, or has the name of another; the message names its line.
    """
    taken: dict[tuple[str, str], str] = {}
    for (entity, number), entry in places.entries.items():
        where = places.where(entity, number)
        what, expected, name = _trouble(entry)
        if not what and (entity, name) in taken:
            what = f"two custom fields are named {name}, this one and that of {taken[entity, name]}"
            expected = "another `name` for one of them"
        if what:
            raise MetricsStoreError(what, where=where, expected=expected)
        taken[entity, name] = where
