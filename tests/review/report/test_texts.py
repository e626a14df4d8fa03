"""What a review and a history say, read as a whole: files of their texts at two widths."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.review.changes.project_review import review
from metrics_store.review.projects.project_reader import read_project
from metrics_store.review.report import history_report
from metrics_store.review.report.page_templates import as_markdown
from metrics_store.review.report.report_document import document
from metrics_store.review.report.terminal_report import as_terminal
from metrics_store.review.revisions.revision import Revision
from metrics_store.review.versions.metric_history import Step, events
from metrics_store.review.versions.metric_owners import read_owners
from metrics_store.review.versions.state_comparison import metric_changes
from metrics_store.review.versions.version_rules import RuleContext, find_problems
from review.report.edited_market import (
    Manifests,
    describe,
    remove_dimension,
    rename,
    replace_sql,
    set_filter,
    set_measure,
    set_meta,
)

if TYPE_CHECKING:
    from metrics_store.review.projects.project_definitions import ProjectDefinitions
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("market")

_WIDTHS = (80, 120)
_CERTIFIED = {"tier": "certified", "owner": "till", "version": "1.0.0"}
_BEFORE = (
    *(set_meta(one, **_CERTIFIED) for one in ("revenue", "revenue_paid", "paid_share")),
    *(set_meta(one, owner="desk") for one in ("buyers", "visits", "web_share")),
    describe("revenue", "What orders cost together, in the shop's own currency, without returns."),
)
_CHANGES = {
    "filter": (
        set_filter("revenue_paid", "{{ Dimension('order__status') }} = 'open'"),
        set_meta("revenue_paid", version="2.0.0"),
    ),
    "threshold": (
        set_filter("revenue_of_big_customers", "{{ Metric('orders_placed', ['customer']) }} > 20"),
    ),
    "rename": (rename("largest_order", "biggest_order"),),
    "measure": (set_measure("orders", "amount_sum", "amount * quantity"),),
    "mart column": (
        replace_sql("orders", "cast(amount as numeric(12, 2))", "cast(amount * 2 as numeric)"),
        describe("paid_share", "Paid of all."),
    ),
    "two marts": (
        replace_sql("orders", "cast(amount as numeric(12, 2))", "cast(amount * 2 as numeric)"),
        replace_sql("customers", "nullif(region, '')", "upper(region)"),
    ),
    "owners and words": (
        *(set_meta(one, owner="web_team") for one in ("buyers", "visits", "web_share")),
        describe("revenue", "What orders cost together, in euro, without returns."),
    ),
    "dimension": (remove_dimension("customers", "region"),),
    "nothing": (),
}


@pytest.fixture(scope="module")
def manifests(market: SmallProject) -> Manifests:
    [path] = (market.directory / "warehouse" / "generations").glob("*/target/manifest.json")
    return Manifests.read(path.parent).edited(*_BEFORE)


def _definitions(manifests: Manifests) -> ProjectDefinitions:
    return read_project(manifests.manifest, manifests.semantic, None, by_content=False)


@pytest.fixture(scope="module")
def base(manifests: Manifests) -> ProjectDefinitions:
    return _definitions(manifests)


def _document(base: ProjectDefinitions, head: ProjectDefinitions) -> dict[str, Any]:
    found = review(base, head, "duckdb")
    problems = find_problems(found, RuleContext(owners=read_owners("* @till")))
    day = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    revisions = (
        Revision("main", "0123456789" * 4, "a", day),
        Revision("the working tree", None, "b", None),
    )
    return document(found, *revisions, problems=problems)


@pytest.mark.parametrize("name", _CHANGES)
def test_a_review_reads_well(
    name: str, base: ProjectDefinitions, manifests: Manifests, pytestconfig: pytest.Config
) -> None:
    said = _document(base, _definitions(manifests.edited(*_CHANGES[name])))
    text = "\n".join(f"{f' {width} ':=^{width}}\n{as_terminal(said, width)}" for width in _WIDTHS)
    _compare(f"{name}.txt", text, pytestconfig)
    _compare(f"{name}.md", as_markdown(said), pytestconfig)
    for line in text.splitlines():
        assert len(line) <= _WIDTHS[-1], line


def test_a_history_reads_well(
    manifests: Manifests, base: ProjectDefinitions, pytestconfig: pytest.Config
) -> None:
    last, states = manifests, [base]
    for edits in (
        (
            set_filter("revenue_paid", "{{ Dimension('order__status') }} = 'open'"),
            set_meta("revenue_paid", version="2.0.0"),
            describe("revenue_paid", "What paid orders cost."),
        ),
        (describe("revenue_paid", "What orders cost that are open."),),
        (_CHANGES["mart column"][0],),
        (remove_dimension("customers", "region"),),
        (rename("revenue_paid", "revenue_open"), _input("paid_share", "revenue_open")),
    ):
        last = last.edited(*edits)
        states.append(_definitions(last))
    steps = [
        Step(
            Revision("", f"{place}" * 40, str(place), dt.datetime(2026, 3, place, tzinfo=dt.UTC)),
            metric_changes(states[place - 2] if place > 1 else None, state, "duckdb"),
        )
        for place, state in enumerate(states, start=1)
    ]
    told = {"2" * 40: ["revenue_paid counts open orders, no longer paid ones."]}
    said = history_report.history_document(
        "revenue_open", events(steps, "revenue_open"), steps, told=told
    )
    texts = (
        f"{f' {width} ':=^{width}}\n{history_report.as_terminal(said, width)}" for width in _WIDTHS
    )
    _compare("history.txt", "\n".join(texts), pytestconfig)
    _compare("history.md", history_report.as_markdown(said), pytestconfig)


def _input(metric: str, numerator: str) -> Any:  # noqa: ANN401 - an edit
    return lambda found: found.metric(metric)["type_params"]["numerator"].update(name=numerator)


def _compare(name: str, text: str, config: pytest.Config) -> None:
    """Hold a text against its file, which `--update` writes anew."""
    path = config.rootpath / "tests" / "review" / "report" / "texts" / name.replace(" ", "_")
    if config.getoption("--update"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, (
        "read what changed, then run this test with --update"
    )
