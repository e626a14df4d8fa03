"""`metrics app` in a real browser: Chromium asks nobody but it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from app.running_app import PATIENCE, free_port, running_app
from metrics_store import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from environment import RunMetrics

pytest.importorskip("streamlit", reason="the extra `app` is not installed")
pytestmark = pytest.mark.xdist_group("shop")

_PHONE = {"width": 390, "height": 844}
_DESK = {"width": 1280, "height": 900}
_QUERY = "metrics=revenue&grain=month&group_by=order__status"


@pytest.fixture(scope="module")
def app(shop: Path, metrics_command: Path) -> Iterator[str]:
    """Give the address of the app on the shop."""
    with running_app(metrics_command, shop, free_port()) as url:
        yield url


@dataclass
class Visit:
    """A window on the app that notes whom it asks."""

    page: Page
    url: str
    others: list[str] = field(default_factory=list)

    def look(self, asked: str) -> None:
        if not asked.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:")):
            self.others.append(asked)

    def open(self, path: str) -> Page:
        self.page.on("request", lambda request: self.look(request.url))
        self.page.on("websocket", lambda opened: self.look(opened.url))
        self.page.goto(f"{self.url}/{path}")
        self.page.wait_for_selector("[data-testid=stMetricValue]", timeout=PATIENCE * 1000)
        return self.page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "scheme"), [(_PHONE, "dark"), (_DESK, "light")], ids=["phone", "desk"]
)
def test_explore_shows_the_metric_s_own_number(
    size: dict[str, int], scheme: str, browser: Browser, app: str, shop: Path
) -> None:
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        timezone_id="America/Los_Angeles",
    )
    visit = Visit(context.new_page(), app)
    page = visit.open(f"explore?{_QUERY}")
    with connect(project_dir=shop) as metrics:
        revenue = metrics.query("revenue").rows()[0]["revenue"]
    assert page.inner_text("[data-testid=stMetricValue]").strip() == f"{revenue:,.2f}"
    page.wait_for_selector("[data-testid=stVegaLiteChart] svg", timeout=PATIENCE * 1000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground = page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert (sum(map(int, ground[4:-1].split(",")[:3])) < 384) is (scheme == "dark")
    assert visit.others == []
    context.close()


def test_others_may_not_look_without_a_login(shop: Path, run_metrics: RunMetrics) -> None:
    ran = run_metrics("app", "--host", "0.0.0.0", cwd=shop)  # noqa: S104 - refused
    assert ran.returncode == 1
    assert "others could look with your rights" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_nothing_built_is_told_before_it_starts(tmp_path: Path, run_metrics: RunMetrics) -> None:
    ran = run_metrics("app", cwd=tmp_path)
    assert ran.returncode == 1
    assert "this is not inside a dbt project" in ran.stderr
