"""Whoever opens the server's address in a browser is told what it is; programs get JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from metrics_store.serve.configuration.configuration import Configuration
from metrics_store.serve.web.front_page import render_page
from serve.callers import TOKEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from serve.conftest import Guarded
    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")

_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_PHONE = {"width": 360, "height": 740}


@pytest.mark.slow
def test_a_browser_gets_a_page_and_a_program_the_paths(guarded: Guarded) -> None:
    page = guarded.server.get("/", headers=_BROWSER)
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    # Without a token nothing of the project is told.
    assert "revenue" not in page.text.lower()
    assert not re.search(r'(src|href)="(https?:)?//', page.text)
    for path in re.findall(r'(?:src|href)="(/web/[^"]+)"', page.text):
        assert guarded.server.get(path).status_code == 200
    assert guarded.server.get("/").json()["rest"] == "/v1"


def test_the_metrics_are_for_whoever_has_a_token(guarded: Guarded) -> None:
    refused = guarded.server.get("/web/metrics")
    assert refused.status_code == 401
    assert refused.json()["code"] == "not_authenticated"
    seen = guarded.server.get("/web/metrics", TOKEN).json()
    assert [one["name"] for each in seen["subjects"] for one in each["metrics"]] == ["revenue"]
    assert seen["built_at"].startswith("20")
    assert seen["problem"] == ""


def test_the_page_names_the_interfaces_that_are_open() -> None:
    page = render_page("front", Configuration(postgres_port=5433, flight_port=None))
    assert "host=HOST port=5433 dbname=metrics" in page
    assert "jdbc:arrow-flight-sql" not in page
    assert "psql" not in render_page("front", Configuration(postgres_port=None))


def test_what_is_not_there_is_not_found(open_server: Serving) -> None:
    for path in ("/web/nothing.js", "/web/..%2ffront.js", "/web/site.js"):
        assert open_server.get(path).status_code == 404


def _opened(browser: Browser, server: Serving, **settings: object) -> tuple[Page, list[str]]:
    page = browser.new_context(**settings).new_page()  # type: ignore[arg-type]
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def look(url: str) -> None:
        if not url.startswith((server.url, "data:")):
            faults.append(url)

    page.on("request", lambda asked: look(asked.url))
    page.goto(server.url)
    return page, faults


def test_a_token_shows_what_its_owner_may_see(browser: Browser, guarded: Guarded) -> None:
    page, faults = _opened(browser, guarded.server, viewport=_PHONE, color_scheme="dark")
    assert not page.locator("#metrics").is_visible()
    assert "/cubejs-api/v1/load" in page.inner_text("#cube")
    assert guarded.server.url + "/mcp" in page.inner_text("#mcp")
    page.fill("#token", "ms_a-token-of-nobody-whom-the-server-knows")
    page.keyboard.press("Enter")
    page.wait_for_selector("#problem:visible")
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_selector(".row")
    assert page.locator(".row strong").all_inner_texts() == ["Revenue"]
    assert 'query("revenue")' in page.inner_text("#python")
    assert TOKEN not in page.content()
    page.fill("#words", "nothing of this kind")
    assert page.locator("#nothing").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()
    assert faults == []
