"""The shop with more than it has: visits, customers and a grain of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).parent
TINY_PROJECT = HERE.parents[1] / "tiny_project"
SPINE = "      standard_granularity_column: date_day\n    columns:\n"
WITH_OWN_GRAIN = """\
      standard_granularity_column: date_day
      custom_granularities: [{name: fiscal_year}]
    columns:
      - name: fiscal_year
"""
DAY = "cast(days.moment as date) as date_day"


def make_project(directory: Path) -> None:
    """Write the dbt project into a directory that does not exist yet."""
    shutil.copytree(TINY_PROJECT, directory)
    shutil.copytree(HERE / "offers", directory / "models" / "offers")
    _replace(directory / "models" / "shop.yml", SPINE, WITH_OWN_GRAIN)
    own = f"{DAY},\n    cast(date_trunc('year', days.moment) as date) as fiscal_year"
    _replace(directory / "models" / "time_spine.sql", DAY, own)


def _replace(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
