"""Whoever looks sees what their policies show: on the front page, and in the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from app.pages import cards, explore, table, words
from metrics_store import connect
from serve.endless_engine import PATIENCE
from serve.policies.conftest import HIDDEN_DIMENSIONS, HIDDEN_METRICS, SEEN_METRICS, TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from serve.policies.conftest import Market

_BROWSER = {"Accept": "text/html"}

pytestmark = pytest.mark.xdist_group("market")


def test_the_front_page_names_what_may_be_seen(market: Market) -> None:
    names = {
        name: [
            one["name"]
            for each in market.serving.get("/web/metrics", TOKENS[name]).json()["subjects"]
            for one in each["metrics"]
        ]
        for name in ("ada", "bea")
    }
    assert sorted(names["bea"]) == sorted(SEEN_METRICS)
    assert set(HIDDEN_METRICS) <= set(names["ada"])


def test_the_catalogue_is_cut_to_its_reader(
    market: Market, wait: Callable[[Callable[[], bool]], None]
) -> None:
    sessions = {}
    for name in ("ada", "bea"):
        sessions[name] = requests.Session()
        opened = sessions[name].post(
            f"{market.serving.url}/web/session",
            headers={"Authorization": f"Bearer {TOKENS[name]}"},
            timeout=PATIENCE,
        )
        assert opened.status_code == 204
        [cookie] = opened.cookies
        assert cookie.path == "/catalogue"
        assert "HttpOnly" in opened.headers["Set-Cookie"]
        assert "SameSite=strict" in opened.headers["Set-Cookie"]

    def page(name: str, address: str) -> requests.Response:
        url = f"{market.serving.url}/catalogue/{address}"
        return sessions[name].get(url, headers=_BROWSER, timeout=PATIENCE)

    for name in sessions:
        wait(lambda name=name: "Refresh" not in page(name, "").headers)  # type: ignore[misc]
    assert "largest_order" in page("ada", "").text
    assert page("ada", "metrics/largest_order.html").status_code == 200
    assert page("bea", "metrics/largest_order.html").status_code == 404
    for address in ("", "metrics/revenue.html", "dimensions.html", "relations.html"):
        text = page("bea", address).text
        assert text
        assert [one for one in (*HIDDEN_METRICS, *HIDDEN_DIMENSIONS) if one in text] == []
        # Who else may see what is nobody's business.
        assert "regional" not in text
    script = page("bea", "assets/index.js").text
    assert [one for one in HIDDEN_METRICS if one in script] == []
    # The cookie is for these pages alone, and nobody comes in without one.
    unknown = market.serving.get("/catalogue/", headers=_BROWSER, allow_redirects=False)
    assert (unknown.status_code, unknown.headers["Location"]) == (303, "/")
    assert market.serving.get("/catalogue/").status_code == 401
    cookie_only = sessions["ada"].get(f"{market.serving.url}/v1/metrics", timeout=PATIENCE)
    assert cookie_only.status_code == 401


@pytest.mark.slow
def test_two_viewers_at_once_see_each_their_rows(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_STORE_URL", market.serving.url)
    seen: dict[str, AppTest] = {}
    for name in ("ada", "bea", "ada", "bea"):
        monkeypatch.setenv("METRICS_STORE_TOKEN", TOKENS[name])
        page = explore(metrics="revenue", group_by="customer__region", filter='["order__status"]')
        with connect(market.serving.url, token=TOKENS[name]) as connection:
            asked = connection.query("revenue", group_by="customer__region")
            total = connection.query("revenue").rows()[0]["revenue"]
        assert len(table(page)) == len(asked)
        assert cards(page) == {"Revenue": f"{total:,.2f}"}
        seen[name] = page
    regions = set(table(seen["bea"])["customer__region"])
    assert regions == {"south"}
    offered = seen["bea"].multiselect(key="explore.metrics").options
    assert not [one for one in offered if any(one.endswith(hidden) for hidden in HIDDEN_METRICS)]
    assert len(seen["ada"].multiselect(key="explore.metrics").options) > len(offered)


def test_whom_nothing_is_shown_to_is_told_so(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_STORE_URL", market.serving.url)
    monkeypatch.setenv("METRICS_STORE_TOKEN", TOKENS["eve"])
    page = explore(metrics="revenue")
    assert page.error or "There are no metrics here." in words(page)
    assert not page.dataframe


def test_a_server_that_is_gone_is_told_and_found_again(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_STORE_TOKEN", TOKENS["ada"])
    monkeypatch.setenv("METRICS_STORE_URL", "http://127.0.0.1:9")
    page = explore(metrics="revenue")
    assert "the server cannot be reached" in words(page)
    assert [one.label for one in page.button] == ["Try again"]
    monkeypatch.setenv("METRICS_STORE_URL", market.serving.url)
    page.button[0].click().run()
    assert not page.error
    assert cards(page)
