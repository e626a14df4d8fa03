"""`metrics docs` writes a site whose pages hold together and whose words stay words."""

from __future__ import annotations

import csv
import dataclasses
import itertools
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from catalogue.site.market import HOSTILE, IMAGE, SCRIPT
from catalogue.site.reading import Page
from metrics_store.catalogue.site.content.version_history import HistoryEntry
from metrics_store.catalogue.site.site_files import site_files
from metrics_store.cli.documents.docs import read_subject
from metrics_store.cli.requests.engine_session import open_session

if TYPE_CHECKING:
    from environment import RunMetrics

pytestmark = pytest.mark.xdist_group("docs_site")


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {path.relative_to(site).as_posix(): Page(path) for path in sorted(site.rglob("*.html"))}


def test_there_is_a_page_for_each_thing(pages: dict[str, Page]) -> None:
    for address in (
        "index.html",
        "metrics/revenue.html",
        "metrics/visit_to_order.html",
        "dimensions/customer__region.html",
        "dimensions/metric_time.html",
        "saved_queries/revenue_by_region.html",
        "semantic_models/orders.html",
        "policies/everybody-sees-most-*.html",
        "relations.html",
    ):
        assert any(Path(one).match(address) for one in pages), address


def test_pages_are_whole(pages: dict[str, Page]) -> None:
    titles = set()
    for address, page in pages.items():
        assert not page.faults, address
        assert page.all("html")[0].attributes["lang"] == "en"
        assert len(page.all("h1")) == len(page.all("main")) == 1, address
        title = page.all("title")[0].text
        assert title not in titles, address
        titles.add(title)
        levels = [int(one.tag[1]) for one in page.elements if one.tag in {"h1", "h2", "h3", "h4"}]
        assert all(below <= above + 1 for above, below in itertools.pairwise(levels)), address
        ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
        assert len(ids) == len(set(ids)), address
        for table in page.all("table"):
            assert page.elements[page.elements.index(table) + 1].tag == "caption", address
        for label in page.all("label"):
            assert label.attributes.get("for") in ids or label.text, address


def test_every_link_leads_somewhere(pages: dict[str, Page], site: Path) -> None:
    looked_at = 0
    for address, page in pages.items():
        for element in page.elements:
            for name in ("href", "src"):
                link = element.attributes.get(name)
                if link is None or link == "data:,":
                    continue
                parts = urlsplit(link)
                if parts.scheme in {"http", "https"} and element.tag == "a":
                    assert "noopener" in element.attributes["rel"]
                    continue
                assert not parts.scheme, (address, link)
                assert not parts.netloc, (address, link)
                target = (site / address).parent / unquote(parts.path) if parts.path else None
                file = (target or site / address).resolve()
                assert file.is_file(), (address, link)
                assert file.is_relative_to(site.resolve()), (address, link)
                if parts.fragment:
                    there = pages[file.relative_to(site.resolve()).as_posix()]
                    ids = {one.attributes.get("id") for one in there.elements}
                    assert unquote(parts.fragment) in ids, (address, link)
                looked_at += 1
    assert looked_at > 500


def test_what_is_hostile_stays_text(pages: dict[str, Page], site: Path) -> None:
    for address, page in pages.items():
        assert not page.all("img"), address
        assert len(page.all("script")) == 3, address
        assert not [
            one for one in page.elements if any(name.startswith("on") for name in one.attributes)
        ], address
    page = pages["metrics/orders_hostile.html"]
    assert page.all("h1")[0].text == HOSTILE
    for words in (SCRIPT, IMAGE, HOSTILE):
        assert page.text.count(words) >= 2
    assert [one.text for one in page.all("strong")][:2] != ["strong"]
    assert "strong" in [one.text for one in page.all("strong")]
    assert "a link" in page.text
    # A value out of the warehouse, in the bars and in the table.
    assert f"{IMAGE}: 1" in page.text
    assert IMAGE in [one.text for one in page.all("th")]
    assert IMAGE in [one.text for one in pages["dimensions/customer__region.html"].all("li")]
    script = (site / "assets" / "index.js").read_text()
    assert "<" not in script
    assert HOSTILE in [row[2] for row in _index(script)]


def _index(script: str) -> list[list[str]]:
    text = script.removeprefix("window.catalogueIndex=").removesuffix(";\n")
    rows: list[list[str]] = json.loads(text)
    return rows


def test_the_index_names_each_page_once(pages: dict[str, Page], site: Path) -> None:
    rows = _index((site / "assets" / "index.js").read_text())
    addresses = [row[4] for row in rows]
    assert len(addresses) == len(set(addresses))
    assert set(addresses) == {address for address in pages if "/" in address}
    assert {row[0] for row in rows} == {
        "metric",
        "dimension",
        "saved query",
        "semantic model",
        "policy",
    }
    assert next(row for row in rows if row[1] == "orders_hostile")[5] == "deprecated"


def test_the_page_of_a_metric(pages: dict[str, Page]) -> None:
    page = pages["metrics/revenue.html"]
    for words in (
        "What orders cost together.",
        "sum of amount in orders",
        "Owner till Who counts the money.",
        "Unit euro (EUR)",
        "in EUR",
        "metrics query --metrics revenue --group-by metric_time__month",
        "SUM(",
        "revenue_per_buyer",
        "export_revenue_by_region",
        "market_report",
        "owner Market office",
    ):
        assert words in page.text, words
    columns = list(page.all("rect", "column"))
    assert len(columns) > 3
    nodes = [one.attributes["href"] for one in page.all("a", "node")]
    assert "../semantic_models/orders.html" in nodes
    assert any(one.startswith("../relations.html#") for one in nodes)
    # Reached over an entity, with the page of the same dimension.
    links = [one.attributes.get("href") for one in page.all("a")]
    assert "../dimensions/customer__region.html" in links


def test_a_deprecated_metric_names_its_replacement(pages: dict[str, Page]) -> None:
    banner = pages["metrics/orders_hostile.html"].all("aside")[0].text
    assert " ".join(banner.split()).startswith(
        "This metric is deprecated since 1.2.0 and goes on 2099-01-01. "
        "Ask for orders_placed instead."
    )
    assert "../metrics/orders_placed.html" in [
        one.attributes.get("href") for one in pages["metrics/orders_hostile.html"].all("a")
    ]
    assert "1 deprecated" in pages["index.html"].text


def test_what_cannot_be_asked_says_why(pages: dict[str, Page]) -> None:
    text = pages["metrics/never_answered.html"].text
    assert "It could not be asked." in text
    assert "nothing__there" in text
    assert "There is nothing to draw" in pages["metrics/orders_of_nobody.html"].text


def test_building_blocks_stand_apart(pages: dict[str, Page]) -> None:
    text = pages["index.html"].text
    assert text.index("Building blocks Metrics that others are made of.") < text.index(
        "Orders of nobody"
    )


def test_what_a_policy_hides_is_nowhere(pages: dict[str, Page], site: Path) -> None:
    for path in site.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for word in ("concealed_orders", "Secretive Sam", "customer_name", "atlantis"):
                assert word not in text, (path, word)
    beside = pages["metrics/orders_beside.html"].text
    assert "It is made of what is not shown here." in beside
    # But its values are: a policy shows them.
    assert "The values as a table" in beside
    till = next(page for address, page in pages.items() if "the-till" in address)
    assert "../<b>the till's own</b>" in till.all("h1")[0].text
    assert "customer__region is south or 1 that is not shown here" in till.text
    assert "And 1 that is not shown here." in till.text


def test_a_saved_query_shows_its_rows(pages: dict[str, Page]) -> None:
    text = pages["saved_queries/revenue_by_region.html"].text
    assert "metrics query --saved-query revenue_by_region --limit 10" in text
    assert "{{ Dimension('order__status') }} = 'paid'" in text
    assert "2024-01 " in text
    assert len(pages["saved_queries/revenue_by_region.html"].all("figure", "chart")) == 2
    assert "market_report" in text


def test_a_dimension_shows_its_values(pages: dict[str, Page]) -> None:
    page = pages["dimensions/customer__region.html"]
    assert "Where the customer lives." in page.text
    assert "south" in [one.text for one in page.all("li")]
    links = [one.attributes.get("href") for one in page.all("a")]
    assert "../metrics/revenue.html" in links
    assert "../metrics/stock.html" not in links
    assert "../semantic_models/customers.html" in links


def test_the_same_bytes_again_and_the_history_of_a_metric(
    site: Path, market: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBT_PROJECT_DIR", str(market))
    past = (
        HistoryEntry(
            "2.0.0",
            "2024-03-01",
            "abc1234",
            "major",
            (
                f"formula: {SCRIPT}",
                "numerator: concealed_orders → orders_placed",
                "group_bys: +order__customer__customer_name",
                "group_bys: +customer__region",
            ),
        ),
        HistoryEntry("1.0.0", "2024-01-01", "0123456", ""),
    )
    with open_session(None) as session:
        subject = dataclasses.replace(read_subject(session, None), history={"revenue": past})
        files = site_files(subject)
    revenue = files.pop("metrics/revenue.html")
    for address, text in files.items():
        assert (site / address).read_text(encoding="utf-8") == text, address
    (tmp_path / "revenue.html").write_text(revenue)
    page = Page(tmp_path / "revenue.html")
    assert not page.faults
    assert "2.0.0 major 2024-03-01 · abc1234" in page.text
    said = [one.text for one in page.all("li")]
    assert f"formula: {SCRIPT}" in said
    assert "group_bys: +customer__region" in said
    # What policies hide is no part of what was, either.
    assert said.count("something changed that may not be seen here") == 1
    assert "concealed_orders" not in revenue
    assert "customer_name" not in revenue
    assert "1.0.0 2024-01-01 · 0123456" in page.text


def test_only_a_site_is_replaced(market: Path, run_metrics: RunMetrics, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("keep me")
    refused = run_metrics("docs", "--output", str(mine), cwd=market)
    assert refused.returncode == 1
    assert "did not write" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert [one.name for one in mine.iterdir()] == ["letter.txt"]


def test_nothing_built_is_told(market: Path, run_metrics: RunMetrics, tmp_path: Path) -> None:
    project = tmp_path / "market"
    shutil.copytree(
        market, project, ignore=shutil.ignore_patterns("target", "warehouse", "generations")
    )
    refused = run_metrics("docs", cwd=project)
    assert refused.returncode == 5
    assert "there is no warehouse yet" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (project / "target" / "metrics_docs").exists()


def _orders(directory: Path) -> dict[str, list[dict[str, str]]]:
    """Give the orders with an amount, by their month."""
    found: dict[str, list[dict[str, str]]] = {}
    with (directory / "seeds" / "raw_orders.csv").open() as file:
        for row in csv.DictReader(file):
            found.setdefault(row["ordered_at"][:7], []).append(row)
    return found


def _revenue(orders: list[dict[str, str]]) -> float:
    return sum(float(one["amount"] or 0) for one in orders)


def _row(page: Page, name: str) -> str:
    [row] = [one for one in page.all("a") if one.attributes["href"] == f"metrics/{name}.html"]
    return " ".join(row.text.split())


def test_the_list_shows_the_last_month_that_is_over(pages: dict[str, Page], market: Path) -> None:
    orders = _orders(market)
    before, now = (_revenue(orders[month]) for month in ("2024-03", "2024-04"))
    change = f"{(now / before - 1) * 100:+,.1f} %"
    row = _row(pages["index.html"], "revenue")
    assert f"{now:,.0f} EUR" in row
    assert f"{change} 2024-04 after 2024-03" in row
    # May has orders, but is not over by the newest of them.
    assert "2024-05 " not in row
    page = pages["metrics/revenue.html"]
    assert any("(not over yet)" in one.text for one in page.all("title"))
    assert "metrics query --metrics revenue" in page.text
    assert "--end-time 2024-05-26" in page.text


def test_a_forecast_shows_what_comes_next(pages: dict[str, Page], market: Path) -> None:
    now = _revenue(_orders(market)["2024-05"]) * 1.1
    row = _row(pages["index.html"], "revenue_expected")
    assert f"{now:,.0f} EUR 2024-05" in row
    assert "after" not in row
    for address in ("metrics/revenue_expected.html", "saved_queries/expected.html"):
        page = pages[address]
        [figure] = page.all("figure", "chart")
        assert "Expected revenue Revenue interval of 90 %" in " ".join(figure.text.split())
        assert page.all("path", "interval-1")
        assert any("90 %: " in one.text for one in page.all("title"))


def test_few_rows_are_marked(pages: dict[str, Page]) -> None:
    page = pages["metrics/web_share_of_regions.html"]
    [row] = [one for one in page.all("tr", "faint") if IMAGE in one.text]
    assert "100.0 % only 1 orders" in row.text
    assert "Web share of regions by region" in page.text
    # All of it, which is no mean of the regions' shares.
    assert "in all" in page.text


def test_it_says_which_data_it_shows(pages: dict[str, Page], market: Path) -> None:
    manifest = json.loads(next(market.glob("warehouse/**/target/manifest.json")).read_text())
    built = manifest["metadata"]["generated_at"]
    for page in (pages["index.html"], pages["policies.html"]):
        assert "2024-05-26" in page.text
        assert f"{built[:10]} {built[11:16]} UTC" in page.text


def test_models_say_what_uses_them(pages: dict[str, Page]) -> None:
    text = pages["relations.html"].text
    assert "used by market_report" in text
    assert "described by orders" in text
