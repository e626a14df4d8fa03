"""A data model in JavaScript, as older Cubes read it too."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from metrics_store.interchange.cube.data_model import MANY_TO_ONE, Reference, Sql

if TYPE_CHECKING:
    from metrics_store.interchange.cube.data_model import (
        Cube,
        CubeDimension,
        CubeJoin,
        Measure,
        View,
        ViewMember,
    )

Entry = dict[str, Any]
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TYPES = {"count_distinct": "countDistinct"}


class _Code(str):
    """JavaScript as it is, among values."""

    __slots__ = ()


def cube_javascript(cube: Cube) -> str:
    """Write a cube."""
    entry: Entry = {
        "sql": _sql(("SELECT * FROM ", cube.table)),
        **_said(title=cube.title, description=cube.description),
        "shown": False,
        "joins": {one.to: _join(one) for one in cube.joins},
        "dimensions": {one.name: _dimension(one) for one in cube.dimensions},
        "measures": {one.name: _measure(one) for one in cube.measures},
    }
    return f"cube({json.dumps(cube.name)}, {_value(entry)});\n"


def view_javascript(view: View) -> str:
    """Write a view."""
    entry: Entry = {
        **_said(title=view.title, description=view.description),
        "measures": {one.name: _included(one) for one in view.measures},
        "dimensions": {one.name: _included(one) for one in view.dimensions},
    }
    return f"view({json.dumps(view.name)}, {_value(entry)});\n"


def _join(one: CubeJoin) -> Entry:
    relationship = "belongsTo" if one.relationship == MANY_TO_ONE else "hasOne"
    return {"relationship": relationship, "sql": _sql(one.sql)}


def _dimension(one: CubeDimension) -> Entry:
    key = {"primaryKey": True} if one.is_key else {}
    said = _said(title=one.title, description=one.description)
    return {"sql": _sql(one.sql), "type": one.type, **key, **said}


def _measure(one: Measure) -> Entry:
    entry: Entry = {"type": _TYPES.get(one.type, one.type), "sql": _sql(one.sql)}
    if one.filters:
        entry["filters"] = [{"sql": _sql(each)} for each in one.filters]
    if one.window is not None:
        entry["rollingWindow"] = {"trailing": one.window.trailing}
    return {**entry, **_said(title=one.title, description=one.description, format=one.format)}


def _included(one: ViewMember) -> Entry:
    path = ".".join((*one.path, one.member))
    entry: Entry = {"sql": _Code(f"`${{{path}}}`"), "type": one.type or "number"}
    entry |= _said(title=one.title, description=one.description, format=one.format)
    return {**entry, "meta": one.meta} if one.meta else entry


def _said(**texts: str) -> Entry:
    return {name: text for name, text in texts.items() if text}


def _sql(sql: Sql) -> _Code:
    text = "".join(_text(part) if isinstance(part, str) else _reference(part) for part in sql)
    return _Code(f"`{text}`")


def _reference(one: Reference) -> str:
    return f"${{{'.'.join(part for part in (one.cube or 'CUBE', one.member) if part)}}}"


def _text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")


def _key(name: str) -> str:
    """Write a key; Cube reads SQL under plain ones only."""
    return name if _IDENTIFIER.fullmatch(name) else json.dumps(name)


def _value(value: Any, indent: str = "") -> str:  # noqa: ANN401 - whatever stands in a meta
    """Write a value as JavaScript, whose literals JSON's are."""
    deeper = f"{indent}  "
    if isinstance(value, _Code):
        return value
    if isinstance(value, dict):
        lines = [f"{deeper}{_key(str(k))}: {_value(v, deeper)}" for k, v in value.items()]
        return "{}" if not lines else "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list | tuple):
        lines = [f"{deeper}{_value(one, deeper)}" for one in value]
        return "[]" if not lines else "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False, default=str)
