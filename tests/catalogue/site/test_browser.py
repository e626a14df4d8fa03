"""The site in a real browser: Chromium, opened from the disk."""

from __future__ import annotations

import dataclasses
import shutil
from typing import TYPE_CHECKING

import pytest

from metrics_store.catalogue.site.content.version_history import HistoryEntry
from metrics_store.catalogue.site.site_files import site_files
from metrics_store.cli.documents.docs import read_subject
from metrics_store.cli.requests.engine_session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("docs_site")

_PHONE = {"width": 360, "height": 740}
_DESK = {"width": 1280, "height": 900}
PAGES = (
    "index.html",
    "metrics/revenue.html",
    "metrics/orders_hostile.html",
    "metrics/never_answered.html",
    "metrics/revenue_expected.html",
    "metrics/web_share_of_regions.html",
    "dimensions.html",
    "dimensions/customer__region.html",
    "saved_queries/revenue_by_region.html",
    "semantic_models/orders.html",
    "policies.html",
    "relations.html",
)

# The contrast of every text with what is behind it, as WCAG measures it. Colours are painted on a
# canvas, which knows all of their spellings.
CONTRASTS = """() => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const paint = (colours) => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 1, 1);
    for (const colour of colours) { context.fillStyle = colour; context.fillRect(0, 0, 1, 1); }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb
    .map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("title, script, option")) continue;
    if (!element.checkVisibility()) continue;
    const behind = [];
    const box = element.closest("a.node")?.querySelector("rect");
    if (box) behind.push(getComputedStyle(box).fill);
    for (let one = element; one; one = one.parentElement)
      behind.push(getComputedStyle(one).backgroundColor);
    const style = getComputedStyle(element);
    const under = behind.reverse();
    const own = light(paint([...under, element.closest("svg") ? style.fill : style.color]));
    const ground = light(paint(under));
    const ratio = (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
    found.push([ratio, element.tagName + "." + element.className + ": " + walker.currentNode.data]);
  }
  return found;
}"""

# What is wider than the window, but for what scrolls by itself or is there for readers' ears.
CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter((one) => {
  if (one.closest(".scroll, pre, .subjects, .unseen, .skip, .plot") || !one.checkVisibility())
    return false;
  const box = one.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 0.5 || box.left < -0.5);
}).map((one) => one.outerHTML.slice(0, 120))"""


class Visit:
    """A window on the site that notes what it asks for and what goes wrong."""

    def __init__(self, browser: Browser, site: Path, **settings: object) -> None:
        self._site = site
        self._context = browser.new_context(**settings)  # type: ignore[arg-type]
        self.page: Page = self._context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.on("request", lambda asked: self._look(asked.url))

    def _look(self, url: str) -> None:
        if not url.startswith((self._site.as_uri(), "data:,")):
            self.faults.append(f"asked for {url}")

    def open(self, address: str) -> Page:
        self.page.goto(f"{self._site.as_uri()}/{address}")
        return self.page

    def where(self) -> str:
        return self.page.url.removeprefix(f"{self._site.as_uri()}/")

    def close(self) -> None:
        self._context.close()


@pytest.fixture
def desk(browser: Browser, site: Path) -> Iterator[Visit]:
    visit = Visit(browser, site, viewport=_DESK, color_scheme="light")
    yield visit
    visit.close()
    assert not visit.faults


def test_long_names_in_a_history_fit_a_phone(
    browser: Browser, site: Path, market: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBT_PROJECT_DIR", str(market))
    gained = "+order__is_followed_by_another_one_of_the_same_customer_before_the_year_is_over"
    past = (HistoryEntry("1.0.0", "2024-01-01", "0123456", "minor", (f"group_bys: {gained}",)),)
    with open_session(None) as session:
        subject = dataclasses.replace(read_subject(session, None), history={"revenue": past})
        files = site_files(subject)
    shutil.copytree(site, tmp_path / "site")
    (tmp_path / "site/metrics/revenue.html").write_text(files["metrics/revenue.html"])
    visit = Visit(browser, tmp_path / "site", viewport=_PHONE)
    page = visit.open("metrics/revenue.html")
    assert page.get_by_text(gained).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.close()
    assert not visit.faults


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [_PHONE, _DESK], ids=["phone", "desk"])
def test_pages_are_readable(
    scheme: str, size: dict[str, int], browser: Browser, site: Path
) -> None:
    visit = Visit(browser, site, viewport=size, color_scheme=scheme)
    for address in PAGES:
        page = visit.open(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert page.evaluate(CUT_OFF) == [], address
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 10
        assert [one for one in contrasts if one[0] < 4.5] == [], address
        assert page.title() != "broken"
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 384) is (scheme == "dark")
    visit.close()
    assert not visit.faults


def test_search_opens_a_metric_by_keyboard(desk: Visit) -> None:
    page = desk.open("policies.html")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("buyer revenue")
    found = page.locator("#found [role=option]")
    assert "revenue_per_buyer" in found.first.inner_text()
    assert found.first.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/metrics/revenue_per_buyer.html")
    assert page.locator("h1").inner_text() == "Revenue per buyer"


def test_search_moves_by_arrows_and_finds_every_kind(desk: Visit) -> None:
    page = desk.open("metrics/revenue.html")
    page.keyboard.press("/")
    for words, kind in (
        ("revenue_by_region", "saved query"),
        ("customer__region", "dimension"),
        ("till's own", "policy"),
        ("orders_hostile", "metric, deprecated"),
    ):
        page.fill("#search", words)
        assert page.locator("#found .kind").first.inner_text() == kind
    page.fill("#search", "stock")
    options = page.locator("#found [role=option]")
    assert options.count() > 3
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert page.get_attribute("#search", "aria-activedescendant") == "found-1"
    name = options.nth(1).locator("code, strong").last.inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#found").is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/metrics/revenue.html"))
    assert name in page.locator("main").inner_text()
    page.fill("#search", "<b>nothing at all</b>")
    assert page.locator("#found").inner_text() == "Nothing has all of these words."


def test_the_theme_changes_and_is_kept(desk: Visit) -> None:
    page = desk.open("index.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("#theme")
    dark = page.evaluate(ground)
    assert dark != light
    page = desk.open("metrics/revenue.html")
    assert page.evaluate(ground) == dark
    page.emulate_media(color_scheme="dark")
    page.click("#theme")
    assert page.evaluate(ground) == light


def test_nodes_of_the_lineage_lead_to_their_pages(desk: Visit) -> None:
    page = desk.open("metrics/revenue_per_buyer.html")
    boxes = [one.bounding_box() for one in page.locator("a.node rect").all()]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert one is not None
            assert other is not None
            apart = (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            )
            assert apart
    page.locator("a.node", has_text="buyers").first.click()
    assert desk.where() == "metrics/buyers.html"
    page.locator("a.node", has_text="semantic model").click()
    assert desk.where() == "semantic_models/orders.html"
    page.go_back()
    page.locator("a.node", has_text="raw_orders").click()
    target = page.locator(":target")
    assert target.locator("h3").inner_text().startswith("raw_orders")


def test_fingers_find_what_they_touch(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site, viewport=_PHONE, has_touch=True)
    for address in PAGES:
        page = visit.open(address)
        # Links in running text, a line high as text is, may be less: so does WCAG say.
        low = page.evaluate(
            """() => [...document.querySelectorAll(
                "button, input, select, summary, nav a, .row > a, .names a, a.node, .brand")]
              .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
              .map((one) => one.outerHTML.slice(0, 100))"""
        )
        assert low == [], address
    visit.close()
    assert not visit.faults


def test_what_is_focused_is_seen(desk: Visit) -> None:
    page = desk.open("metrics/revenue.html")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            }"""
        ), page.evaluate("document.activeElement.outerHTML")


def test_without_scripts_all_is_there_but_the_search(browser: Browser, site: Path) -> None:
    visit = Visit(browser, site, viewport=_PHONE, java_script_enabled=False)
    page = visit.open("index.html")
    assert not page.locator("#search").is_visible()
    assert not page.locator("#theme").is_visible()
    page.locator(".row a", has_text="revenue_per_buyer").click()
    assert page.locator("h1").inner_text() == "Revenue per buyer"
    assert page.locator(".plot svg").is_visible()
    page.locator("summary", has_text="The values as a table").click()
    assert page.locator("table.values").first.is_visible()
    visit.close()
    assert not visit.faults


def test_a_filter_leaves_what_it_names(desk: Visit) -> None:
    page = desk.open("index.html")
    page.select_option("select[name=owner]", "till")
    names = page.locator("li.row:visible code").all_inner_texts()
    assert names == ["revenue"]
    page.select_option("select[name=owner]", "")
    assert page.locator("li.row:visible").count() > 20
