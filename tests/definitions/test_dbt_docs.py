"""dbt's own documentation is made without a warning, and says who reads each report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from definitions.conftest import DEMO_VARIABLES

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.slow


@pytest.mark.xdist_group("demo")
def test_dbt_docs_generate(demo_project: BuiltProject) -> None:
    demo_project.run(
        "dbt",
        "--warn-error",
        "docs",
        "generate",
        "--target",
        "duckdb",
        "--target-path",
        "target_of_docs",
        "--vars",
        DEMO_VARIABLES,
    )
    artifacts = demo_project.project / "target_of_docs"
    catalog = json.loads((artifacts / "catalog.json").read_text(encoding="utf-8"))
    manifest = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))
    assert not catalog["errors"]
    models = {
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["config"]["materialized"] != "ephemeral"
    }
    assert models <= set(catalog["nodes"])
    undescribed = [
        node["name"] for name in models if not (node := manifest["nodes"][name])["description"]
    ]
    assert undescribed == []
    read = {name for one in manifest["exposures"].values() for name in one["depends_on"]["nodes"]}
    reports = {name for name in models if manifest["nodes"][name]["fqn"][1] == "reports"}
    assert read == reports
