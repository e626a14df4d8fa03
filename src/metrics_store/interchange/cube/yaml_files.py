"""A data model in YAML, as today's Cube reads it."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from metrics_store.interchange.cube.data_model import (
        Cube,
        CubeDimension,
        Measure,
        Reference,
        RollingWindow,
        Sql,
        View,
        ViewMember,
    )

Entry = dict[str, Any]
_ESCAPED = str.maketrans({"\\": "\\\\", "{": "\\{", "}": "\\}", "\n": "\\n", "\r": "\\r"})
_BRACE = re.compile(r"\\[{}]")


class _Dumper(yaml.SafeDumper):
    """Writes text with braces in double quotes, where they can be written as escapes."""


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _BRACE.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)


def cube_yaml(cube: Cube) -> str:
    """Write a cube."""
    entry: Entry = {
        "name": cube.name,
        "sql_table": _text(cube.table),
        **_said(title=cube.title, description=cube.description),
        "public": False,
        "joins": [
            {"name": one.to, "relationship": one.relationship, "sql": _sql(one.sql)}
            for one in cube.joins
        ],
        "dimensions": [_dimension(one) for one in cube.dimensions],
        "measures": [_measure(one) for one in cube.measures],
    }
    return _dump("cubes", {name: value for name, value in entry.items() if value != []})


def view_yaml(view: View) -> str:
    """Write a view."""
    members = sorted((*view.measures, *view.dimensions), key=lambda one: one.path)
    return _dump(
        "views",
        {
            "name": view.name,
            **_said(title=view.title, description=view.description),
            "cubes": [
                {"join_path": ".".join(path), "includes": [_included(one) for one in group]}
                for path, group in groupby(members, key=lambda one: one.path)
            ],
        },
    )


def _dump(kind: str, entry: Entry) -> str:
    text: str = yaml.dump(
        {kind: [entry]}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    # A brace beside another or a percent sign would be Jinja's.
    return text.replace("\\\\{", "\\\\\\x7B").replace("\\\\}", "\\\\\\x7D")


def _dimension(one: CubeDimension) -> Entry:
    key = {"primary_key": True, "public": True} if one.is_key else {}
    said = _said(title=one.title, description=one.description)
    return {"name": one.name, "sql": _sql(one.sql), "type": one.type, **key, **said}


def _measure(one: Measure) -> Entry:
    entry: Entry = {"name": one.name, "type": one.type, "sql": _sql(one.sql)}
    if one.filters:
        entry["filters"] = [{"sql": _sql(each)} for each in one.filters]
    if one.window is not None:
        entry["rolling_window"] = _window(one.window)
    entry |= _said(title=one.title, description=one.description, format=one.format)
    if one.meta:
        entry["meta"] = _plain(one.meta)
    return entry


def _window(window: RollingWindow) -> Entry:
    if window.to_date:
        return {"type": "to_date", "granularity": window.to_date}
    return {"trailing": window.trailing}


def _included(one: ViewMember) -> str | Entry:
    return one.member if one.name == one.member else {"name": one.member, "alias": one.name}


def _said(**texts: str) -> Entry:
    return {name: _text(text) for name, text in texts.items() if text}


def _sql(sql: Sql) -> str:
    return "".join(_text(part) if isinstance(part, str) else _reference(part) for part in sql)


def _reference(one: Reference) -> str:
    return f"{{{'.'.join(part for part in (one.cube or 'CUBE', one.member) if part)}}}"


def _text(text: str) -> str:
    """Write text in which braces and backslashes are what they are.

    Cube takes every text for a string of Python with names in braces, and makes JavaScript of it.
    A backslash at the end it would take for one of the quote behind it.
    """
    escaped = text.translate(_ESCAPED)
    return f"{escaped} " if escaped.endswith("\\") else escaped


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a project's meta
    """Give what YAML has a form for; all else as text."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float) and value >= 0:
        return value
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _text(str(value))
