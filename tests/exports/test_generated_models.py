"""What is generated is planned anew when something that it is made of changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from exports.test_rollups import declaring
from metrics_store.exports import generated_models as module
from metrics_store.exports.generated_models import generated_models
from metrics_store.exports.model_references import referenced_definitions

if TYPE_CHECKING:
    from pathlib import Path

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("market")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_is_as_it_was_is_not_planned(
    market: SmallProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollup = (["revenue"], ["TimeDimension('metric_time', 'day')"], True)
    artifacts = declaring(market, tmp_path / "target", rollup)
    planned = []
    plan = module._planned
    monkeypatch.setattr(module, "_planned", lambda *given: planned.append(1) or plan(*given))

    def generated(schema: str = "main") -> tuple[int, str]:
        found = generated_models(artifacts, default_schema=schema)
        assert (found.export_count, found.rollup_count) == (1, 1)
        assert len(found.exports) == len(found.rollups) == 2
        return len(planned), json.dumps([found.exports, found.rollups])

    count, first = generated()
    assert (count, generated()) == (1, (1, first))
    # What dbt notes of the moment is no change.
    _edit(artifacts / "manifest.json", '"generated_at"', '"made_at"')
    assert generated() == (1, first)
    _edit(artifacts / "semantic_manifest.json", '"expr": "amount"', '"expr": "amount * 2"')
    count, changed = generated()
    assert count == 2
    assert changed != first
    assert "amount * 2" in changed
    assert generated("elsewhere")[0] == 3
    manifest = json.loads((artifacts / "manifest.json").read_text())
    manifest["saved_queries"]["rolled_0"]["config"]["meta"]["rollup"] = {"grain": "month"}
    (artifacts / "manifest.json").write_text(json.dumps(manifest))
    assert generated()[0] == 4
    [orders] = [one for one in manifest["nodes"].values() if one["name"] == "orders"]
    orders["columns"]["amount"] = {"name": "amount", "data_type": "integer"}
    (artifacts / "manifest.json").write_text(json.dumps(manifest))
    assert generated()[0] == 5
    monkeypatch.setattr(module, "program_digest", lambda: "another program")
    assert generated()[0] == 6


def test_the_order_of_files_on_disk_does_not_matter() -> None:
    def definitions(*names: str) -> dict[str, Any]:
        spines = [{"node_relation": {"relation_name": f"main.{name}"}} for name in names]
        named = [{"name": name} for name in names]
        content = {"metrics": named, "saved_queries": named, "semantic_models": []}
        nodes = {
            name: {"name": name, "relation_name": f"main.{name}", "resource_type": "model"}
            for name in names
        }
        configuration = {"project_configuration": {"time_spines": spines}}
        return referenced_definitions({**content, **configuration}, {"nodes": nodes})

    assert definitions("days", "months") == definitions("months", "days")
