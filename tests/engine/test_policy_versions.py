"""Other policies are another version: no tag of before holds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from metrics_store.access.principal import Principal
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.serve.rest.entity_tags import entity_tag

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

_POLICY = """
policies:
  - name: everybody
    to: "*"
    metrics: ["*"]
    dimensions: ["*"]
    rows: [{dimension: order__status, in: [%s]}]
"""


def test_other_policies_give_other_tags(shop: Path, tmp_path: Path) -> None:
    project = tmp_path / "shop"
    shutil.copytree(shop, project)
    ana = Principal("ana")
    engine = Engine(load_target(project))
    tags = []
    try:
        for status in ("paid", "sent", "paid"):
            (project / "access.yml").write_text(_POLICY % status, encoding="utf-8")
            tags.append(entity_tag(engine.data_version, ana, "/v1/query", "revenue"))
            # Asked again, nothing has changed.
            assert entity_tag(engine.data_version, ana, "/v1/query", "revenue") == tags[-1]
    finally:
        engine.close()
    assert len(set(tags)) == 3
