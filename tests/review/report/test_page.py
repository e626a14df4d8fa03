"""The report as a page, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.report.report_formats import render
from review.report.test_report_formats import of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

_BEYOND = """() => [...document.querySelectorAll(".fields th, .fields td")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
  .map((one) => one.textContent)"""


def test_what_was_and_what_is_are_read_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    words = "won_count where opportunity__opportunity_type = 'New Customer' and so on"
    (tmp_path / "review.html").write_text(render(of("won_count", words), "html"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((tmp_path / "review.html").as_uri())
    assert page.get_by_text(words).first.is_visible()
    assert page.evaluate(_BEYOND) == []
    page.close()
