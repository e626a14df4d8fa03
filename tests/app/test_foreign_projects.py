"""The app on projects that have nothing to do with sales pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.pages import explore, metric_page
from metrics_store import connect

if TYPE_CHECKING:
    from projects import SmallProject


@pytest.mark.parametrize(
    "project",
    [
        pytest.param("bikes", marks=pytest.mark.xdist_group("bikes")),
        pytest.param("market", marks=pytest.mark.xdist_group("market")),
    ],
)
def test_nothing_but_the_project_s_own_words_is_shown(
    project: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    small: SmallProject = request.getfixturevalue(project)
    for name, value in small.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DBT_PROJECT_DIR", str(small.directory))
    monkeypatch.setenv("METRICS_STORE_TARGET", "duckdb")
    with connect(project_dir=small.directory, target="duckdb") as connection:
        metric = next(one for one in connection.metrics() if not one.requires_metric_time)
    for page in (explore(), explore(metrics=metric.name), metric_page(name=metric.name)):
        shown = f"{page.main}{page.sidebar}".lower()
        assert metric.name in shown
        for word in ("opportunit", "pipeline", "deal", "quota", "crm", "win rate", "salesforce"):
            assert word not in shown
