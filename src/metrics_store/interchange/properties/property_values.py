"""Values of properties: what a semantic manifest spells out, as short as people write it."""

from __future__ import annotations

from typing import Any

Properties = dict[str, Any]


def written(properties: Properties) -> Properties:
    """Leave out what is not given: nothing, empty texts and lists, and `false`, dbt's default."""
    return {key: value for key, value in properties.items() if value or _is_zero(value)}


def chosen(element: Properties, *names: str) -> Properties:
    """Give some properties of an element, where they are given."""
    return written({name: element.get(name) for name in names})


def config_of(element: Properties) -> Properties:
    """Give `config` with what the store and readers use of it."""
    given = element.get("config") or {}
    config = written({"group": given.get("group"), "meta": given.get("meta")})
    return {"config": config} if config else {}


def filters_of(where: Properties | None) -> list[str]:
    """Give a filter as the list of its templates."""
    return [one["where_sql_template"] for one in (where or {}).get("where_filters") or ()]


def window_of(window: Properties | None) -> str:
    """Give a window as `7 day`; empty where there is none."""
    return f"{window['count']} {window['granularity']}" if window else ""


def _is_zero(value: object) -> bool:
    return value == 0 and not isinstance(value, bool)
