"""What is wrong with what metrics say of their end is told by metric and key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from engine.deprecated_shop import DEPRECATED
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.definitions.deprecation_problems import deprecation_problems
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

_KEYS = "expected the keys since, sunset, replacement, reason"
WRONG = [
    (None, [f"config.meta.deprecated: it is no mapping; {_KEYS}"]),
    (True, [f"config.meta.deprecated: it is no mapping; {_KEYS}"]),
    (
        {},
        [
            "config.meta.deprecated.sunset: it is missing; expected a day such as 2027-01-31",
            (
                "config.meta.deprecated.reason: it is missing, and there is no replacement; "
                "expected why, in words"
            ),
        ],
    ),
    (
        {**DEPRECATED, "sunst": 1},
        [
            (
                "config.meta.deprecated.sunst: there is no such key; "
                "expected one of since, sunset, replacement, reason"
            )
        ],
    ),
    *(
        (
            {**DEPRECATED, "sunset": day},
            ["config.meta.deprecated.sunset: it is no day; expected a day such as 2027-01-31"],
        )
        for day in ("2027-02-30", "soon", 2027, None, "2027-01-31 12:00")
    ),
    (
        {**DEPRECATED, "since": 1.2},
        ["config.meta.deprecated.since: it is no version; expected a version such as 1.2.0"],
    ),
    (
        {**DEPRECATED, "reason": " "},
        ["config.meta.deprecated.reason: it is no text; expected why, in words"],
    ),
    (
        {**DEPRECATED, "replacement": "profit"},
        [
            (
                "config.meta.deprecated.replacement: there is no metric 'profit'; "
                "expected another metric's name"
            )
        ],
    ),
    (
        {**DEPRECATED, "replacement": ["sales"]},
        [
            (
                "config.meta.deprecated.replacement: there is no metric ['sales']; "
                "expected another metric's name"
            )
        ],
    ),
    (
        {**DEPRECATED, "replacement": "revenue"},
        [
            (
                "config.meta.deprecated.replacement: it is the metric itself; "
                "expected another metric's name"
            )
        ],
    ),
    (
        {**DEPRECATED, "replacement": "older"},
        [
            (
                "config.meta.deprecated.replacement: older is deprecated itself; "
                "expected a metric that stays"
            )
        ],
    ),
    (DEPRECATED, []),
    ({"sunset": "2027-01-31", "reason": "Nobody asks for it."}, []),
    ({"sunset": "2027-01-31", "replacement": "sales"}, []),
]


@pytest.mark.parametrize(("given", "expected"), WRONG)
def test_problems(shop: Path, given: object, expected: list[str]) -> None:
    artifacts = find_live_warehouse(load_target(shop)).artifacts
    manifest = json.loads((artifacts / SEMANTIC_MANIFEST).read_text(encoding="utf-8"))
    [revenue] = [one for one in manifest["metrics"] if one["name"] == "revenue"]
    sound = {"deprecated": {"sunset": "2027-01-31", "reason": "It is old."}}
    manifest["metrics"] += [
        {**revenue, "name": "sales"},
        {**revenue, "name": "older", "config": {"meta": sound}},
    ]
    revenue["config"] = {"meta": {"deprecated": given}}
    found = deprecation_problems(parse_semantic_manifest(json.dumps(manifest)))
    assert [str(one) for one in found] == [f"revenue: {one}" for one in expected]
