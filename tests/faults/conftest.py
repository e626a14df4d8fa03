"""Shops that break: one that a test may change, one with questions that are too heavy."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# Nobody counts the first to its end; the second puts a hundred megabytes into one value.
_MODELS = {
    "endless": """
        {{ config(materialized='view') }}
        select a.n as endless_id, date '2024-01-05' as happened_on, sin(a.n * b.n) as weight
        from (select unnest(range(200000)) as n) as a, (select unnest(range(900000)) as n) as b
    """,
    "broad": """
        {{ config(materialized='view') }}
        select
            1 as broad_id,
            date '2024-01-05' as happened_on,
            length(string_agg(md5(n::varchar), ',')) as weight
        from (select unnest(range(3000000)) as n) as numbers
    """,
}
_DEFINITIONS = """
semantic_models:
  - name: endless
    model: ref('endless')
    defaults: {agg_time_dimension: happened_on}
    entities: [{name: endless_thing, type: primary, expr: endless_id}]
    dimensions: [{name: happened_on, type: time, type_params: {time_granularity: day}}]
    measures: [{name: endless, agg: sum, expr: weight, create_metric: true}]
  - name: broad
    model: ref('broad')
    defaults: {agg_time_dimension: happened_on}
    entities: [{name: broad_thing, type: primary, expr: broad_id}]
    dimensions: [{name: happened_on, type: time, type_params: {time_granularity: day}}]
    measures: [{name: broad, agg: sum, expr: weight, create_metric: true}]
"""


@pytest.fixture(scope="session")
def heavy_shop(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path, shop: Path) -> Path:
    """Give a shop that also has the metrics `endless` and `broad`."""
    directory = tmp_path_factory.mktemp("heavy") / "shop"
    shutil.copytree(shop, directory, ignore=shutil.ignore_patterns("warehouse", "target"))
    (directory / "warehouse").mkdir()
    for name, sql in _MODELS.items():
        (directory / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    (directory / "models" / "heavy.yml").write_text(_DEFINITIONS, encoding="utf-8")
    subprocess.run([metrics_command, "build"], cwd=directory, check=True, capture_output=True)
    return directory


@pytest.fixture
def changing_shop(shop: Path, tmp_path: Path) -> Path:
    """Give a copy of the built shop that a test may change."""
    directory = tmp_path / "changing" / "shop"
    shutil.copytree(shop, directory, symlinks=True)
    return directory
