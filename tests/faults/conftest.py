"""Shops that break: one that a test may change, one with questions that are too heavy."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from jinja2 import Template

if TYPE_CHECKING:
    from pathlib import Path

# Nobody counts the first to its end; the second puts a hundred megabytes into one value, the third
# sorts more than fits into little memory, the fourth takes a moment.
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
    "sorted": """
        {{ config(materialized='view') }}
        select
            n as sorted_id,
            date '2024-01-05' as happened_on,
            row_number() over (order by md5(n::varchar) || repeat('x', 100)) as weight
        from (select unnest(range(1500000)) as n) as numbers
    """,
    "brief": """
        {{ config(materialized='view') }}
        select a.n as brief_id, date '2024-01-05' as happened_on, sin(a.n * b.n) as weight
        from (select unnest(range(200000)) as n) as a, (select unnest(range(500)) as n) as b
    """,
}
_DEFINITIONS = """
semantic_models:
{%- for name in names %}
  - name: {{ name }}
    model: ref('{{ name }}')
    defaults: {agg_time_dimension: happened_on}
    entities: [{name: {{ name }}_thing, type: primary, expr: {{ name }}_id}]
    dimensions: [{name: happened_on, type: time, type_params: {time_granularity: day}}]
    measures: [{name: {{ name }}, agg: sum, expr: weight, create_metric: true}]
{%- endfor %}
"""


@pytest.fixture(scope="session")
def heavy_shop(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path, shop: Path) -> Path:
    """Give a shop that also has the metrics `endless`, `broad`, `sorted` and `brief`."""
    directory = tmp_path_factory.mktemp("heavy") / "shop"
    shutil.copytree(shop, directory, ignore=shutil.ignore_patterns("warehouse", "target"))
    (directory / "warehouse").mkdir()
    for name, sql in _MODELS.items():
        (directory / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
    (directory / "models" / "heavy.yml").write_text(
        Template(_DEFINITIONS).render(names=list(_MODELS)), encoding="utf-8"
    )
    subprocess.run([metrics_command, "build"], cwd=directory, check=True, capture_output=True)
    return directory


@pytest.fixture
def changing_shop(shop: Path, tmp_path: Path) -> Path:
    """Give a copy of the built shop that a test may change."""
    directory = tmp_path / "changing" / "shop"
    shutil.copytree(shop, directory, symlinks=True)
    return directory


@pytest.fixture(scope="session")
def metrics_command(metrics_process: Path) -> Path:
    """Give the command itself: what becomes of its process is what is tested here."""
    return metrics_process
