"""The questions of the guide are answered, and a dozen of them as SQL by hand counts them."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from definitions.warehouses import ROOT
from metrics_store.cli.requests import engine_session
from metrics_store.cli.requests.engine_session import EngineSession
from metrics_store.cli.requests.query import query
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from definitions.warehouses import BuiltProject

    Ask = Callable[[str], list[dict[str, Any]]]

pytestmark = pytest.mark.xdist_group("demo")

QUESTION = re.compile(r"^\| (?P<words>.+\?) \| `metrics query (?P<command>.+)` \|$", re.MULTILINE)
QUESTIONS = {
    found["words"]: found["command"]
    for found in QUESTION.finditer((ROOT / "docs" / "questions.md").read_text(encoding="utf-8"))
}
OPPORTUNITIES = """
    from marts.fct_opportunities as opportunities
    left join marts.dim_accounts as accounts using (account_id)
    left join marts.dim_owners as owners on opportunities.owner_id = owners.owner_id
"""
OPEN = "sum(case when is_open then coalesce(amount, 0) else 0 end)"
WON = "sum(case when is_won then coalesce(amount, 0) else 0 end)"
YEAR = "where close_date >= timestamp '2024-01-01' and close_date < timestamp '2025-01-01'"
QUARTER = "where close_date >= timestamp '2024-10-01' and close_date < timestamp '2025-01-01'"
SNAPSHOTS = Path(__file__).parent / "answer_snapshots"
READ = {
    "pipeline_by_stage": "How much pipeline does each stage hold?",
    "pipeline_by_team": "What is each team's open and weighted pipeline?",
    "largest_deals": "Which ten open opportunities are the largest?",
    "due_soon": "How much is due in the next 30 days, and how much of it is likely to close?",
    "due_when": "When is the open pipeline due?",
    "health": "How healthy is the pipeline?",
    "win_rate_by_industry": "What is the win rate of the last four quarters, by industry?",
    "slipped_deals": "Which deals slipped last quarter?",
    "what_changed": "What changed the pipeline last quarter?",
    "sales_activity": "What did the sales reps do last month?",
}
# What each row has: groups, and then metrics.
BY_HAND = {
    "How much open pipeline does each owner have, due this quarter?": (
        f"select opportunities.owner_id, {OPEN} {OPPORTUNITIES} {QUARTER} group by 1"
    ),
    "How much is due in the next 30 days, and how much of it is likely to close?": (
        f"select {OPEN}, sum(case when is_likely_to_close then amount else 0 end) {OPPORTUNITIES} "
        "where close_date >= timestamp '2025-01-01' and close_date < timestamp '2025-01-31'"
    ),
    "What is each team's open and weighted pipeline?": (
        f"select team, {OPEN}, "
        "sum(case when is_open then coalesce(amount * probability, 0) else 0 end) "
        f"{OPPORTUNITIES} group by 1"
    ),
    "Which industries hold more than a million of open pipeline?": (
        f"select industry, {OPEN} {OPPORTUNITIES} group by 1 having {OPEN} > 1000000"
    ),
    "Which customers in retail or healthcare have open business?": (
        f"select account_name, {OPEN} {OPPORTUNITIES} where industry in ('Retail', 'Healthcare') "
        "group by 1 order by 2 desc limit 10"
    ),
    "When is the open pipeline due?": (
        f"select close_date_bucket, {OPEN} {OPPORTUNITIES} group by 1"
    ),
    "How much did we win in each quarter of the last two years?": (
        f"select date_trunc('quarter', close_date), {WON}, count(*) filter (where is_won) "
        f"{OPPORTUNITIES} where close_date >= timestamp '2023-01-01' "
        "and close_date < timestamp '2025-01-01' group by 1"
    ),
    "What is the win rate of the last four quarters, by industry?": (
        "select industry, count(*) filter (where is_won and counts_in_win_rates) * 1.0 "
        "/ nullif(count(*) filter (where is_closed and counts_in_win_rates), 0), "
        f"count(*) filter (where is_closed) {OPPORTUNITIES} {YEAR} group by 1"
    ),
    "Who won most this quarter?": (
        f"select opportunities.owner_id, {WON}, count(*) filter (where is_won) {OPPORTUNITIES} "
        f"{QUARTER} group by 1 order by 2 desc limit 10"
    ),
    "Why do we lose?": (
        "select opportunities.lost_reason, count(*) filter (where is_lost) "
        f"{OPPORTUNITIES} {YEAR} group by 1"
    ),
    "How large is an average won deal, by segment?": (
        "select segment, avg(case when is_won then amount end), count(*) filter (where is_won) "
        f"{OPPORTUNITIES} {YEAR} group by 1"
    ),
    "How many opportunities did we create per week, by source, last quarter?": (
        "select date_trunc('week', opportunities.created_at), lead_source, count(*) "
        f"{OPPORTUNITIES} "
        "where opportunities.created_at >= timestamp '2024-10-01' "
        "and opportunities.created_at < timestamp '2025-01-01' group by 1, 2"
    ),
}


@pytest.fixture
def ask(
    demo_project: BuiltProject, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], str]]:
    """Give what answers a command: as people type it, but over one engine for all."""
    engine = Engine(demo_project.targets["duckdb"], EngineSettings(rollups=False))

    @contextmanager
    def session(*_: object) -> Iterator[EngineSession]:
        yield EngineSession(engine)

    monkeypatch.setattr(engine_session, "open_session", session)

    def answer(command: str) -> str:
        ran = CliRunner().invoke(query, shlex.split(command), catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        assert "warning" not in ran.stderr, ran.stderr
        return ran.stdout

    yield answer
    engine.close()


def test_every_question_is_answered_and_a_dozen_as_by_hand(
    ask: Callable[[str], str], demo_project: BuiltProject
) -> None:
    assert len(QUESTIONS) >= 40
    assert set(BY_HAND) <= set(QUESTIONS)
    for words, command in QUESTIONS.items():
        rows = json.loads(ask(f"{command.removesuffix(' --total')} --format json"))
        values = [tuple(row.values()) for row in rows]
        assert any(isinstance(one, float | int) and one for row in values for one in row), words
        if words in BY_HAND:
            by_hand = demo_project.stores["duckdb"].read(BY_HAND[words]).to_pylist()
            expected = sorted(_comparable(tuple(row.values())) for row in by_hand)
            assert sorted(map(_comparable, values)) == expected, words


def test_people_read_stages_in_the_order_of_the_process_and_amounts_by_their_currency(
    ask: Callable[[str], str], demo_project: BuiltProject
) -> None:
    lines = ask("open_pipeline by opportunity__stage_name --format table").splitlines()
    assert lines[1].split() == ["USD"]
    shown = [
        line.rsplit(maxsplit=1)[0].strip() for line in lines[2:] if line and "as of" not in line
    ]
    by_hand = """
        select stage_name from marts.dim_stages where stage_order is not null
        group by 1
        order by
            min(
                case stage_category when 'open' then 0 when 'won' then 1 else 2 end * 10000
                + stage_order
            ),
            stage_name
    """
    places = {
        row["stage_name"]: place
        for place, row in enumerate(demo_project.stores["duckdb"].read(by_hand).to_pylist())
    }
    asked = [places[name] for name in shown if name in places]
    assert len(asked) > 10
    assert asked == sorted(asked)


def test_a_total_is_that_of_the_metric(ask: Callable[[str], str]) -> None:
    command = next(one for one in QUESTIONS.values() if one.endswith(" --total"))
    lines = ask(f"{command} --format table").splitlines()
    assert lines[-1].startswith("as of 2024-12-31; this quarter: 2024-10-01 to 2024-12-31")
    [total] = [line for line in lines if line.startswith("total ")]
    assert int(total.split()[-1].replace(",", "")) > 0


def test_answers_look_as_they_did(
    ask: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    """Each as wide as three terminals: what changed is to be read, then run with --update."""
    for name, words in READ.items():
        shown = []
        for columns in (80, 120, 200):
            monkeypatch.setenv("COLUMNS", str(columns))
            shown.append(f"== {columns} columns\n\n{ask(f'{QUESTIONS[words]} --format table')}")
        text = f"{words}\n\n" + "\n".join(shown)
        file = SNAPSHOTS / f"{name}.txt"
        if pytestconfig.getoption("update"):
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text, words


def _comparable(row: tuple[object, ...]) -> tuple[str, ...]:
    """Give values by their meaning: numbers to six digits, times as JSON has them."""
    return tuple(
        f"{float(one):.6f}"
        if not isinstance(one, str | bool) and one is not None and not hasattr(one, "isoformat")
        else str(one.isoformat() if hasattr(one, "isoformat") else one)
        for one in row
    )
