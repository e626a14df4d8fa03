"""Metrics of earlier periods, and saved queries, made of every metric of a semantic manifest."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

WINDOWS = ((1, "month"), (1, "week"))


def earlier(metric: str, count: int, grain: str) -> str:
    """Give the name of a metric's value so many periods earlier."""
    return f"{metric}__{count}_{grain}_earlier"


def saved(metric: str) -> str:
    """Give the name of a metric's saved query: by month."""
    return f"{metric}__saved"


def add_to_manifest(path: Path) -> dict[str, Any]:
    """Add them to the file of a semantic manifest; give the manifest as it was."""
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    as_it_was = copy.deepcopy(manifest)
    for metric in as_it_was["metrics"]:
        for count, grain in WINDOWS:
            manifest["metrics"].append(_earlier(metric, count, grain))
        manifest["saved_queries"].append(_saved(metric))
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return as_it_was


def _earlier(metric: dict[str, Any], count: int, grain: str) -> dict[str, Any]:
    moved = {
        "name": metric["name"],
        "filter": None,
        "alias": "moved",
        "offset_window": {"count": count, "granularity": grain},
        "offset_to_grain": None,
    }
    nothing = dict.fromkeys(metric["type_params"], None)
    return {
        **metric,
        "name": earlier(metric["name"], count, grain),
        "label": earlier(metric["name"], count, grain),
        "description": "",
        "type": "derived",
        "filter": None,
        "config": {"meta": {}},
        "type_params": {
            **nothing,
            "expr": "moved",
            "metrics": [moved],
            "input_measures": metric["type_params"]["input_measures"],
        },
    }


def _saved(metric: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": saved(metric["name"]),
        "description": "",
        "label": None,
        "metadata": None,
        "exports": [],
        "tags": [],
        "query_params": {
            "metrics": [metric["name"]],
            "group_by": ["TimeDimension('metric_time', 'month')"],
            "order_by": [],
            "limit": None,
            "where": None,
        },
    }
