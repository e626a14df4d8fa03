"""The input metrics and measures of a metric, from the semantic manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def input_metrics(metric: dict[str, Any]) -> list[str]:
    """Give the input metrics of a metric."""
    parameters = metric["type_params"]
    conversion = parameters.get("conversion_type_params") or {}
    used = [
        parameters.get("numerator"),
        parameters.get("denominator"),
        *(parameters.get("metrics") or ()),
        (parameters.get("cumulative_type_params") or {}).get("metric"),
        conversion.get("base_metric"),
        conversion.get("conversion_metric"),
    ]
    return list(dict.fromkeys(one["name"] for one in used if one))


def input_measures(metric: dict[str, Any]) -> list[str]:
    """Give the input measures of a metric."""
    parameters = metric["type_params"]
    conversion = parameters.get("conversion_type_params") or {}
    used = [
        parameters.get("measure"),
        conversion.get("base_measure"),
        conversion.get("conversion_measure"),
    ]
    return list(dict.fromkeys(one["name"] for one in used if one))


def component_measures(name: str, metrics: Mapping[str, dict[str, Any]]) -> list[str]:
    """Give the measures of a metric and of all its inputs."""
    found: dict[str, None] = {}
    visited: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in metrics and one not in visited:
            visited.add(one)
            found.update(dict.fromkeys(input_measures(metrics[one])))
            waiting += input_metrics(metrics[one])
    return list(found)
