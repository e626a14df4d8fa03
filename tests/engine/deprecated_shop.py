"""A copy of the small shop some of whose metrics are deprecated."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from pathlib import Path

DEPRECATED = {
    "since": "1.2.0",
    "sunset": "2027-01-31",
    "replacement": "sales",
    "reason": "It has\nanother name.",
}
WARNING = (
    "the metric revenue is deprecated since its version 1.2.0 and there until 2027-01-31; "
    "ask for sales instead (It has another name.)"
)


def deprecating(shop: Path, directory: Path, deprecated: object = DEPRECATED) -> Path:
    """Copy a built shop: `revenue` is deprecated, `sales` is the same, `doubled` is made of both.

    The manifest is what dbt would write of such metrics.
    """
    shutil.copytree(shop, directory, symlinks=True)
    path = find_live_warehouse(load_target(directory)).artifacts / SEMANTIC_MANIFEST
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    [revenue] = [one for one in manifest["metrics"] if one["name"] == "revenue"]
    sales = {**revenue, "name": "sales"}
    inputs = [{"name": "revenue", "alias": "old"}, {"name": "sales", "alias": "new"}]
    doubled = {
        **sales,
        "name": "doubled",
        "type": "derived",
        "type_params": {"expr": "old + new", "metrics": inputs, "input_measures": []},
    }
    manifest["metrics"] += [sales, doubled]
    revenue["config"] = {"meta": {"deprecated": deprecated}}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return directory
