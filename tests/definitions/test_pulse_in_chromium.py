"""The Sales Pipeline Pulse in Chromium, for one who sees all and for one who sees their team.

Each tab and filter is used as a person does, and each number and file read off the page is what the
server answers the same viewer.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
import yaml

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from app.running_app import PATIENCE, free_port, running_app
from definitions.test_pulse import amount
from definitions.warehouses import ROOT
from metrics_store import connect
from metrics_store.access.authentication.known_tokens import hash_token
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page

    from definitions.warehouses import BuiltProject
    from metrics_store.client import Connection

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

_TEAM = "Sales Team Americas 1"
_POLICIES = {
    "policies": [
        {
            "name": "the head of sales sees all",
            "to": {"users": ["head"]},
            "metrics": ["*"],
            "dimensions": ["*"],
        },
        {
            "name": "a team sees its own",
            "to": {"users": ["rep"]},
            "metrics": ["*"],
            "dimensions": ["*"],
            "rows": [{"dimension": "owner__team", "in": [_TEAM]}],
        },
    ]
}
_VIEWERS = ("head", "rep")
_QUARTER = {"start_time": "2024-10-01", "end_time": "2024-12-31"}
_LINK = "?from=2024-10-01&to=2024-12-31"
# Label in the sidebar -> dimension.
_FILTERS = {
    "Industry": "account__industry",
    "Account type": "account__account_type",
    "Stage": "stage__stage_name",
    "Team": "owner__team",
    "Owner": "owner__owner_label",
    "CRM": "opportunity__crm_source",
}
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _read_excel(file: io.BytesIO) -> pd.DataFrame:
    """Read the rows of a sheet: texts of its own stand in the cells, others in a list beside it."""
    with zipfile.ZipFile(file) as archive:
        texts = [
            "".join(one.itertext())
            for one in ET.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314 - ours
        ]
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - ours
    rows: list[dict[str, str | None]] = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells = {}
        for cell in row.iter(f"{_SHEET}c"):
            text = cell.findtext(f"{_SHEET}v")
            shared = cell.get("t") == "s" and text is not None
            cells[cell.get("r", "").rstrip("0123456789")] = (
                texts[int(text or 0)] if shared else text
            )
        rows.append(cells)
    frame = pd.DataFrame(rows[1:])
    return frame.rename(columns=rows[0])


_READERS: dict[str, Callable[[io.BytesIO], pd.DataFrame]] = {
    "CSV": pd.read_csv,
    "Excel": _read_excel,
    "Parquet": pd.read_parquet,
}


@dataclass(frozen=True)
class Viewing:
    """Somebody who looks, and what the server answers them."""

    page: Page
    metrics: Connection
    app: str

    def open(self, tab: str = "Overview") -> None:
        self.page.goto(f"{self.app}/{_LINK}&tab={tab}")
        self.settle()

    def settle(self) -> None:
        """Wait until the page is drawn."""
        self.page.wait_for_selector("[data-testid=stMetricValue]")
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        assert self.page.get_by_text("Traceback").count() == 0

    def card(self, label: str) -> Locator:
        cards = self.page.locator("[data-testid=stMetric]")
        return cards.filter(
            has=self.page.locator("[data-testid=stMetricLabel]").get_by_text(label, exact=True)
        ).locator("[data-testid=stMetricValue]")

    def only(self, metric: str, **asked: Any) -> Any:  # noqa: ANN401 - of any type
        return self.metrics.query(metric, **asked).rows()[0][metric]

    def file(self, kind: str, number: int = 0) -> pd.DataFrame:
        """Download a table of the page."""
        button = self.page.get_by_role("button", name=kind, exact=True).nth(number)
        with self.page.expect_download() as found:
            button.click()
        return _READERS[kind](io.BytesIO(Path(found.value.path()).read_bytes()))

    def choose(self, label: str, value: str) -> None:
        """Pick a value of a filter in the sidebar."""
        field = self.page.locator("[data-testid=stMultiSelect]").filter(has_text=label).first
        # Of a long list only a part is drawn until one types.
        field.locator("input").fill(value)
        self.page.locator("[role=option]").get_by_text(value, exact=True).click()
        self.page.keyboard.press("Escape")
        self.page.wait_for_timeout(300)
        self.settle()

    def offered(self, label: str) -> set[str]:
        """Give what a filter of the sidebar offers first; long lists are drawn in part."""
        field = self.page.locator("[data-testid=stMultiSelect]").filter(has_text=label).first
        field.locator("input").click()
        self.page.wait_for_selector("[role=option]")
        found = self.page.locator("[role=option]").all_inner_texts()
        self.page.keyboard.press("Escape")
        return {one for one in found if not one.startswith("Select all")}


@pytest.fixture(scope="module")
def guarded(
    demo_project: BuiltProject, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give the address of a server of the demo with policies."""
    directory = tmp_path_factory.mktemp("pulse")
    project = directory / "project"
    shutil.copytree(
        demo_project.project, project, ignore=shutil.ignore_patterns("warehouse", "target")
    )
    project.joinpath("access.yml").write_text(yaml.safe_dump(_POLICIES), encoding="utf-8")
    tokens = [{"name": name, "sha256": hash_token(f"token of {name}")} for name in _VIEWERS]
    with serving(
        metrics_command,
        project,
        "--target",
        "duckdb",
        configuration={"tokens": tokens},
        directory=directory,
        environment={
            **demo_project.environment,
            "METRICS_STORE_DUCKDB_PATH": str(demo_project.target("duckdb").duckdb_path),
        },
    ) as server:
        yield server.url


@pytest.fixture(scope="module", params=_VIEWERS)
def viewing(
    request: pytest.FixtureRequest,
    guarded: str,
    browser: Browser,
    metrics_command: Path,
) -> Iterator[Viewing]:
    """Give the Pulse as a viewer has it."""
    token = f"token of {request.param}"
    environment = {"METRICS_STORE_URL": guarded, "METRICS_STORE_TOKEN": token}
    with (
        running_app(metrics_command, ROOT, free_port(), environment) as app,
        connect(guarded, token=token) as metrics,
    ):
        context = browser.new_context(
            accept_downloads=True, viewport={"width": 1280, "height": 1600}
        )
        context.set_default_timeout(PATIENCE * 1000)
        yield Viewing(context.new_page(), metrics, app)
        context.close()


def test_the_overview_has_the_viewers_own_numbers(viewing: Viewing) -> None:
    viewing.open()
    for label, metric, days in (
        ("Open pipeline", "open_pipeline", {}),
        ("Won revenue", "won_revenue", _QUARTER),
        ("Average deal size", "average_deal_size", _QUARTER),
    ):
        value = amount(viewing.only(metric, **days))
        assert viewing.card(label).first.inner_text() == value, label
    assert (
        viewing.card("Win rate").first.inner_text() == f"{viewing.only('win_rate', **_QUARTER):.1%}"
    )
    count, pipeline = viewing.only("open_opportunity_count"), viewing.only("open_pipeline")
    for kind in _READERS:
        frame = viewing.file(kind)
        assert len(frame) == count, kind
        assert frame["open_pipeline"].astype(float).sum() == pytest.approx(float(pipeline)), kind


@pytest.mark.parametrize("label", list(_FILTERS))
def test_a_filter_offers_and_cuts_what_the_viewer_sees(label: str, viewing: Viewing) -> None:
    viewing.open()
    dimension = _FILTERS[label]
    known = viewing.metrics.dimension_values(dimension, ["open_pipeline"]).table
    values = {"(none)" if one is None else str(one) for one in known.column(0).to_pylist()}
    assert viewing.offered(label) <= values
    by = viewing.metrics.query(
        "open_pipeline", group_by=dimension, order_by="-open_pipeline"
    ).rows()
    largest = next(row[dimension] for row in by if row[dimension])
    viewing.choose(label, largest)
    where = f"{dimension} = '{largest}'"
    assert viewing.card("Open pipeline").first.inner_text() == amount(
        viewing.only("open_pipeline", where=where)
    )
    assert len(viewing.file("CSV")) == viewing.only("open_opportunity_count", where=where)


def test_only_active_accounts(viewing: Viewing) -> None:
    viewing.open()
    viewing.page.get_by_text("Active accounts only").click()
    viewing.page.wait_for_timeout(300)
    viewing.settle()
    value = amount(viewing.only("open_pipeline", where="account__is_active"))
    assert viewing.card("Open pipeline").first.inner_text() == value


def test_the_forecast_has_the_viewers_own_numbers(viewing: Viewing) -> None:
    viewing.open("Forecast")
    for label, metric in (
        ("Overdue pipeline", "overdue_pipeline"),
        ("Likely to close", "likely_to_close"),
    ):
        assert viewing.card(label).first.inner_text() == amount(viewing.only(metric)), label
    likely = viewing.file("Parquet")
    asked = viewing.metrics.query(
        "likely_to_close", group_by="opportunity", order_by="-likely_to_close", limit=50
    ).rows()
    known = [float(row["likely_to_close"]) for row in asked if row["likely_to_close"]]
    assert likely["likely_to_close"].astype(float).tolist() == pytest.approx(known)
    quotas = viewing.file("CSV", 1)
    by = ["metric_time__fiscal_quarter", "owner__team"]
    known_quotas = viewing.metrics.query("quota", group_by=by).rows()
    assert set(quotas["owner__team"]) <= {row["owner__team"] for row in known_quotas}


def test_the_history_has_the_viewers_own_numbers(viewing: Viewing) -> None:
    viewing.page.goto(f"{viewing.app}/{_LINK}&tab=History")
    viewing.page.get_by_role("button", name="CSV", exact=True).first.wait_for()
    viewing.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    walk = viewing.file("Excel").iloc[0]
    end = viewing.only("pipeline_snapshot", **_QUARTER)
    assert float(walk["pipeline_walk_end"]) == pytest.approx(float(end))
    assert viewing.page.locator("[data-testid=stVegaLiteChart] svg").count() >= 3
