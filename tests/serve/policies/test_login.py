"""Viewers who log in: each sees their own rows, in one app, at the same time."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from app.running_app import PATIENCE, free_port, running_app
from metrics_store import connect
from serve.policies.identity_provider import AUDIENCE, COOKIE, identity_provider
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from serve.policies.identity_provider import Provider

pytestmark = pytest.mark.xdist_group("market")

_PEOPLE: dict[str, dict[str, Any]] = {
    "ada": {"email": "ada"},
    "bea": {"email": "bea", "groups": ["regional"], "regions": ["south"]},
}
_FILTER = quote(json.dumps(["customer__region"]))
_LINK = f"explore?metrics=revenue&group_by=customer__region&filter={_FILTER}"
_CARD, _CHART = "[data-testid=stMetricValue]", "[data-testid=stVegaLiteChart] svg"


@pytest.fixture(scope="module")
def login(
    built_market: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, Provider]]:
    """Give the address of an app with a login, of its server, and the identity provider."""
    directory, port = tmp_path_factory.mktemp("login"), free_port()
    with identity_provider(_PEOPLE) as provider:
        directory.joinpath("keys.json").write_text(json.dumps(provider.keys()), encoding="utf-8")
        secrets = {
            "redirect_uri": f"http://localhost:{port}/oauth2callback",
            "cookie_secret": "a secret of this test and of nobody else",
            "client_id": AUDIENCE,
            "client_secret": "-",
            "server_metadata_url": f"{provider.url}/.well-known/openid-configuration",
            "expose_tokens": ["id"],
        }
        directory.joinpath(".streamlit").mkdir()
        directory.joinpath(".streamlit", "secrets.toml").write_text(
            "\n".join(["[auth]", *(f"{key} = {json.dumps(one)}" for key, one in secrets.items())]),
            encoding="utf-8",
        )
        configuration = {
            "jwt": {
                "audience": AUDIENCE,
                "issuer": provider.url,
                "jwks_file": str(directory / "keys.json"),
                "name_claim": "email",
                "groups_claim": "groups",
                "attribute_claims": {"regions": "regions"},
            }
        }
        with (
            serving(
                metrics_command, built_market, configuration=configuration, directory=directory
            ) as server,
            running_app(metrics_command, directory, port, {"METRICS_STORE_URL": server.url}) as app,
        ):
            yield app, server.url, provider


def _entered(browser: Browser, app: str, who: str) -> Page:
    """Log somebody in, in a window of their own."""
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(PATIENCE * 1000)
    context.add_cookies([{"name": COOKIE, "value": who, "url": "http://localhost"}])
    page = context.new_page()
    page.goto(f"{app}/{_LINK}")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text(f"Logged in as {who}").wait_for(state="attached")
    return page


def _downloaded(page: Page) -> list[str]:
    with page.expect_download() as found:
        page.get_by_role("button", name="CSV", exact=True).click()
    text = Path(found.value.path()).read_text(encoding="utf-8")
    return [row["customer__region"] for row in csv.DictReader(io.StringIO(text))]


def _filter_values(page: Page) -> set[str]:
    # A page that is drawn anew closes the list again.
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    options = page.locator("[role=option]")
    ends = time.monotonic() + PATIENCE
    while not options.count():
        assert time.monotonic() < ends
        page.locator("[data-testid=stMultiSelect] input").last.click()
        page.wait_for_timeout(1000)
    found = set(options.all_inner_texts())
    page.keyboard.press("Escape")
    return {one for one in found if not one.startswith("Select all")}


@pytest.mark.slow
def test_viewers_at_once_see_each_their_own(
    browser: Browser, login: tuple[str, str, Provider]
) -> None:
    app, server, provider = login
    pages = {who: _entered(browser, app, who) for who in _PEOPLE}
    regions, totals = {}, {}
    for who in _PEOPLE:
        with connect(server, token=provider.token(who)) as metrics:
            asked = metrics.query("revenue", group_by="customer__region").rows()
            regions[who] = {row["customer__region"] or "" for row in asked}
            totals[who] = f"{metrics.query('revenue').rows()[0]['revenue']:,.2f}"
    assert regions["bea"] == {"south"}
    assert len(regions["ada"]) > 1
    for _ in range(2):
        for page in pages.values():
            # Nobody waits for anybody: both are drawn at the same time.
            page.goto(f"{app}/{_LINK}", wait_until="commit")
        for who, page in pages.items():
            page.wait_for_selector(_CARD)
            page.wait_for_selector(_CHART)
            assert page.inner_text(_CARD).strip() == totals[who]
            assert set(_downloaded(page)) == regions[who]
            assert _filter_values(page) == {one or "(none)" for one in regions[who]}
            drawn = page.inner_html(_CHART)
            assert {one for one in regions["ada"] if one and one in drawn} == regions[who] - {""}
    for page in pages.values():
        page.context.close()
