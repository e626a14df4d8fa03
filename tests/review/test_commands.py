"""The commands of review, on a project that is not about sales, as its people use them."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from review.history import History

if TYPE_CHECKING:
    from environment import RunMetrics

pytestmark = pytest.mark.xdist_group("review commands")

MARKET = Path(__file__).parent.parent / "market_project"
CERTIFIED = "{unit: euro, owner: till, tier: certified, version: 1.0.0}"
PAID = "\"{{ Dimension('order__status') }} = 'paid'\""


class Market(History):
    """The market in a repository, and what was done to it.

    Attributes:
        caches: Where its reviews are kept.
        base: The first commit.
        worded: The second, which changed words and spelling only.
        changed: The third, which changed what paid revenue is.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root, source=MARKET)
        self.caches = root.parent / "caches"
        self.write(".gitignore", "target/\nlogs/\nwarehouse/*\n")
        self.write("CHANGELOG.md", "# Changelog\n")
        self.write("METRIC_OWNERS", "* @till\n")
        self.edit(
            "models/metrics.yml", "{meta: {unit: euro, owner: till}}", f"{{meta: {CERTIFIED}}}"
        )
        self.edit(
            "models/metrics.yml",
            "label: Paid revenue\n",
            f"label: Paid revenue\n    config: {{meta: {CERTIFIED}}}\n",
        )
        self.base = self.commit("base")
        self.edit("models/metrics.yml", "What orders cost together.", "What all orders cost.")
        self.edit("models/orders.sql", "select\n    order_id", "SELECT -- one an order\n  order_id")
        self.worded = self.commit("words")
        self.edit(
            "models/metrics.yml", f"filter: {PAID}", f"filter: {PAID}".replace("paid", "open")
        )
        self.changed = self.commit("paid is open")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file of the project."""
        file = self.project / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (path, old, text.count(old))
        file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    return Market(tmp_path_factory.mktemp("market") / "repository")


@pytest.fixture
def market_at_hand(market: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Give the repository with nothing uncommitted, and its cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(market.caches))
    market.git("checkout", "--quiet", "--force", "main")
    market.git("clean", "--quiet", "-fd")
    return market


@pytest.mark.slow
def test_words_are_a_patch_and_spelling_is_nothing(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    done = run_metrics(
        "diff", market_at_hand.base, market_at_hand.worded, cwd=market_at_hand.project
    )
    assert done.returncode == 0, done.stderr
    assert "PATCH  1 patch; 30 metrics always give the same as before." in done.stdout
    assert "description: What orders cost together." in done.stdout
    assert "orders.sql" not in done.stdout


def test_a_change_is_told_with_all_that_it_concerns(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    arguments = ("diff", market_at_hand.worded, market_at_hand.changed, "--format", "json")
    done = run_metrics(*arguments, cwd=market_at_hand.project)
    document = json.loads(done.stdout)
    changes = {one["name"]: one for one in document["changes"]}
    assert document["tier"] == "major"
    assert changes.keys() == {"revenue_paid", "paid_share"}
    [field] = changes["revenue_paid"]["fields"]
    assert (field["name"], field["old"], field["new"]) == (
        "filter", "order__status = 'paid'", "order__status = 'open'",
    )  # fmt: skip
    assert changes["paid_share"]["through"] == ["metric revenue_paid"]
    assert len(document["untouched"]) == 28


@pytest.mark.slow
def test_the_same_report_as_markdown_and_as_a_page(
    market_at_hand: Market, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    arguments = ("diff", market_at_hand.worded, market_at_hand.changed, "--format")
    markdown = run_metrics(*arguments, "markdown", cwd=market_at_hand.project).stdout
    assert markdown.startswith("<!-- metrics-review -->")
    assert "| `filter` | `order__status = 'paid'` | `order__status = 'open'` |" in markdown
    page = tmp_path / "review.html"
    run_metrics(*arguments, "html", "--output", str(page), cwd=market_at_hand.project)
    assert "<del>order__status = &#39;paid&#39;</del>" in page.read_text()


@pytest.mark.slow
def test_values_show_what_moved_and_what_stayed(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    arguments = ("diff", market_at_hand.worded, market_at_hand.changed, "--values")
    done = run_metrics(*arguments, "--format", "json", cwd=market_at_hand.project)
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout)["values"]
    moved = {one["metric"]: one for one in values["moved"]}
    assert moved.keys() == {"revenue_paid", "paid_share"}
    # Summed up by hand from the seed.
    assert moved["revenue_paid"]["total"]["old"] == total_of(market_at_hand, "paid")
    assert moved["revenue_paid"]["total"]["new"] == total_of(market_at_hand, "open")
    assert values["unexplained"] == []
    assert len(values["untouched_and_equal"]) == 28
    assert all(values["untouched_and_equal"].values())


def total_of(market: Market, status: str) -> str:
    """Sum up the seed's orders of a status, as the report writes numbers."""
    lines = csv.DictReader((market.project / "seeds/raw_orders.csv").read_text().splitlines())
    total = sum(
        (Decimal(one["amount"]) for one in lines if one["status"] == status and one["amount"]),
        Decimal(0),
    )
    return f"{float(total):,.6g}"


@pytest.mark.slow
def test_check_refuses_what_breaks_rules_and_takes_it_when_mended(
    market_at_hand: Market, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    report = tmp_path / "review.md"
    check = ("check", market_at_hand.worded, "--no-golden")
    refused = run_metrics(*check, "--report", str(report), cwd=market_at_hand.project)
    assert refused.returncode == 1
    said = " ".join(refused.stdout.split())
    assert "raise config.meta.version to 2.0.0" in said
    assert (
        "2 metrics, of each: its numbers can differ, and the changelog does not tell it "
        "paid_share, revenue_paid → add lines that name each of them to CHANGELOG.md" in said
    )
    assert "ask @till to approve the change" in said
    assert "### To be mended" in report.read_text()

    market_at_hand.write("CHANGELOG.md", "# Changelog\n- `revenue_paid`, `paid_share`: open.\n")
    market_at_hand.edit(
        "models/metrics.yml", f"label: Paid revenue\n    config: {{meta: {CERTIFIED}}}",
        "label: Paid revenue\n    config: {meta: " + CERTIFIED.replace("1.0.0", "2.0.0") + "}",
    )  # fmt: skip
    taken = run_metrics(*check, "--approved-by", "Till", cwd=market_at_hand.project)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "To be mended" not in taken.stdout


@pytest.mark.slow
def test_golden_values_are_those_of_the_revision_that_is_checked(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    market_at_hand.git("checkout", "--quiet", "--detach")
    assert run_metrics("golden", "--update", cwd=market_at_hand.project).returncode == 0
    known = market_at_hand.commit("golden values")
    market_at_hand.git("rm", "-rq", "golden")
    refused = run_metrics("check", known, cwd=market_at_hand.project)
    assert "it has no golden values yet" in " ".join(refused.stdout.split())
    taken = run_metrics("check", known, known, cwd=market_at_hand.project)
    assert taken.returncode == 0, taken.stdout + taken.stderr


@pytest.mark.slow
def test_check_refuses_a_metric_past_its_sunset(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    market_at_hand.edit(
        "models/metrics.yml", "label: Buyers, ", "label: Buyers, config: {meta: {deprecated: "
        "{sunset: 2020-01-31, reason: counted elsewhere}}}, ",
    )  # fmt: skip
    done = run_metrics("check", "HEAD", "--no-golden", cwd=market_at_hand.project)
    assert done.returncode == 1
    assert "metric buyers: it is deprecated and past its sunset, 2020-01-31" in " ".join(
        done.stdout.split()
    )


@pytest.mark.slow
def test_the_changelog_tells_a_metric_from_git(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    done = run_metrics("changelog", "revenue_paid", "--format", "json", cwd=market_at_hand.project)
    events = json.loads(done.stdout)["events"]
    history = [market_at_hand.changed, market_at_hand.base, market_at_hand.first]
    assert [one["commit"] for one in events] == history
    assert [one["tier"] for one in events] == ["major", "minor", "minor"]
    assert events[-1]["meaning"]["filter"] == "order__status = 'paid'"


def test_the_changelog_since_a_day_says_what_it_was_before(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    ask = ("changelog", "revenue_paid", "--since", "2026-03-05")
    done = run_metrics(*ask, cwd=market_at_hand.project)
    summary, _, heading, *meaning = done.stdout.splitlines()
    assert summary == "revenue_paid: 1 step in 1 version; today 1.0.0, certified, till"
    assert heading == f"1.0.0  2026-03-04  {market_at_hand.changed[:8]}  as it was"
    assert "    filter: order__status = 'open'" in meaning


@pytest.mark.slow
def test_a_metric_is_asked_as_it_was_defined(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    assert run_metrics("build", cwd=market_at_hand.project).returncode == 0
    ask = ("query", "--metrics", "revenue_paid", "--format", "csv")
    now = run_metrics(*ask, cwd=market_at_hand.project)
    then = run_metrics(*ask, "--as-defined-at", market_at_hand.worded, cwd=market_at_hand.project)
    assert now.stdout.split()[-1].replace(",", "") != then.stdout.split()[-1]
    assert f"as defined at {market_at_hand.worded[:8]}" in then.stderr
    assert "revenue_paid 1.0.0: another meaning today" in then.stderr
    unknown = run_metrics(*ask, "--as-defined-at", "1999-01-01", cwd=market_at_hand.project)
    assert unknown.returncode == 1
    assert "there was no definition yet at that time" in unknown.stderr
    assert re.search(r"expected: \d{4}-\d\d-\d\d, the day of the project's first", unknown.stderr)


@pytest.mark.slow
def test_the_moment_of_a_build_is_no_change_of_a_mart(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    market_at_hand.git("checkout", "--quiet", "--detach")
    market_at_hand.write(
        "models/orders.sql",
        (market_at_hand.project / "models/orders.sql").read_text()
        + "where '{{ run_started_at }}' > '2024'\n",
    )
    commit = market_at_hand.commit("only what is past")
    assert run_metrics("build", cwd=market_at_hand.project).returncode == 0
    ask = ("query", "--metrics", "revenue_paid", "--as-defined-at")
    done = run_metrics(*ask, commit, cwd=market_at_hand.project)
    assert "revenue_paid 1.0.0: the same meaning today" in done.stderr
    done = run_metrics("diff", "./target", commit, cwd=market_at_hand.project)
    assert "NONE   Nothing changed" in done.stdout
    # What is edited after the build is not what is asked.
    market_at_hand.edit("models/metrics.yml", "= 'open'", "= 'paid'")
    done = run_metrics(*ask, commit, cwd=market_at_hand.project)
    assert "revenue_paid 1.0.0: the same meaning today" in done.stderr
    done = run_metrics(*ask, market_at_hand.worded, cwd=market_at_hand.project)
    assert "the definition of then on marts that have changed since (orders)" in done.stderr


@pytest.mark.slow
def test_a_mart_that_is_gone_is_said(market_at_hand: Market, run_metrics: RunMetrics) -> None:
    ask = ("query", "--metrics", "stock_level", "--as-defined-at", "HEAD")
    done = run_metrics(*ask, cwd=market_at_hand.project)
    assert done.returncode == 1
    assert "there was no metric stock_level then" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", "no-such-branch"), "there is no revision no-such-branch"),
        (("diff", "HEAD", "--data", "x.duckdb"), "add --values"),
        (
            ("check", "HEAD", "--no-golden", "--report", "review.pdf"),
            "the report's form is not known",
        ),
        (("changelog", "no_such_metric"), "there never was a metric no_such_metric"),
    ],
)
def test_bad_input_is_said_in_words(
    market_at_hand: Market, run_metrics: RunMetrics, arguments: tuple[str, ...], said: str
) -> None:
    done = run_metrics(*arguments, cwd=market_at_hand.project)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_revision_that_dbt_cannot_parse_is_named(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    market_at_hand.write("models/broken.sql", "select * from {{ ref('nowhere') }}")
    done = run_metrics("diff", "HEAD", cwd=market_at_hand.project)
    assert done.returncode == 1
    assert "the working tree" in done.stderr
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_base_is_said(market_at_hand: Market, run_metrics: RunMetrics) -> None:
    market_at_hand.git("checkout", "--quiet", "--orphan", "bare")
    market_at_hand.git("rm", "-rq", "--cached", ".")
    market_at_hand.git("commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    market_at_hand.git("checkout", "--quiet", "--force", "main")
    done = run_metrics("diff", "bare", "HEAD", cwd=market_at_hand.project)
    assert done.returncode == 0, done.stderr
    assert "bare has no dbt project: all is new" in " ".join(done.stdout.split())


@pytest.mark.slow
def test_a_metric_renamed_and_changed_at_once_is_pointed_at(
    market_at_hand: Market, run_metrics: RunMetrics
) -> None:
    market_at_hand.edit(
        "models/metrics.yml",
        "{name: largest_order, ",
        "{name: biggest_order, filter: \"{{ Dimension('order__channel') }} = 'web'\", ",
    )
    done = run_metrics("diff", "HEAD", cwd=market_at_hand.project)
    said = " ".join(done.stdout.split())
    assert "metric largest_order removed" in said
    assert "perhaps renamed to biggest_order and changed at once" in said
