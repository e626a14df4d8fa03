"""An org with stages of its own, deals that flip, odd dates and ids: built, right, warned about."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from definitions.comparing import differences, has_meaning, name_of, store_names, with_plain_days
from definitions.warehouses import BuiltProject, build_on_engines
from oracle.pipeline import PipelineOracle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("salesforce")]
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

LAST = date(2024, 6, 30)
VARIABLES = (
    f"{{source_dt: '{LAST}', fewest_closed_for_stage_win_rate: 2,"
    " lost_reason_column: Loss_Reason__c}"
)
Row = dict[str, object]
# Stage -> whether it is closed, and won. None of them is in the stage map.
STAGES = {
    "Discovery": (False, False),
    "Pilot": (False, False),
    "Signed": (True, True),
    "Dead": (True, False),
}
# Each opportunity: its changes of (time, stage, amount, probability, close date), oldest first.
HISTORIES: dict[str, list[tuple[str, str, int | None, int | None, str]]] = {
    # Won, lost, and won again: it counts once, as won.
    "006FLIP": [
        ("2024-01-05T09:00:00", "Discovery", 1000, 10, "2024-03-31"),
        ("2024-02-01T00:00:00", "Signed", 1200, 100, "2024-02-01"),
        ("2024-03-01T12:00:00", "Dead", 1200, 0, "2024-02-01"),
        ("2024-03-10T12:00:00", "Signed", 1500, 100, "2024-03-10"),
    ],
    # Won, then lost: a loss.
    "006BACK": [
        ("2024-01-10T00:00:00", "Pilot", 700, 50, "2024-03-31"),
        ("2024-04-01T00:00:00", "Signed", 700, 100, "2024-04-01"),
        ("2024-05-15T08:30:00", "Dead", 700, 0, "2024-04-01"),
    ],
    # Closed in the instant in which it was created, with a close date before that.
    "006BORN": [("2024-05-01T10:00:00", "Signed", 400, 100, "2024-01-15")],
    # Lost, opened again, pushed into the next quarter.
    "006OPEN": [
        ("2024-02-10T10:00:00", "Discovery", 300, 10, "2024-05-31"),
        ("2024-03-01T10:00:00", "Dead", 300, 0, "2024-05-31"),
        ("2024-04-20T10:00:00", "Pilot", 350, 40, "2024-05-31"),
        ("2024-05-30T10:00:00", "Pilot", 350, 40, "2024-08-31"),
    ],
    # Due in the second quarter, and pushed into the third.
    "006DUES": [
        ("2024-03-20T10:00:00", "Pilot", 600, 50, "2024-06-15"),
        ("2024-06-01T10:00:00", "Pilot", 650, 60, "2024-07-31"),
    ],
    # Due before it was created, without amount, then without probability.
    "006PAST": [
        ("2024-03-05T10:00:00", "Discovery", None, 10, "2023-12-31"),
        ("2024-06-30T23:59:59", "Discovery", 900, None, "2023-12-31"),
    ],
    # Won in a stage that has another name today.
    "006NAME": [
        ("2024-01-20T08:00:00", "Discovery", 800, 10, "2024-02-20"),
        ("2024-02-20T08:00:00", "Signed (old)", 800, 100, "2024-02-20"),
        ("2024-05-20T08:00:00", "Signed", 800, 100, "2024-02-20"),
    ],
    # Left a stage of which nothing says how it ended; only the warning knows.
    "006VOID": [
        ("2024-01-21T08:00:00", "Limbo", 20, 0, "2024-07-20"),
        ("2024-05-21T08:00:00", "Pilot", 20, 40, "2024-07-20"),
    ],
    # Its currency changed, and nothing else.
    "006COIN": [
        ("2024-03-15T10:00:00", "Discovery", 500, 20, "2024-07-31"),
        ("2024-04-15T10:00:00", "Discovery", 500, 20, "2024-07-31"),
    ],
}
# Whose last change stands in no history row.
UNRECORDED = ("006NAME", "006COIN")
FORECAST_CATEGORIES = {"Signed (old)": "Closed"}
RATES = {"USD": 1, "EUR": "1.08"}
# The same records in the form of fifteen characters and in that of eighteen.
PERSON, ACCOUNT = "0050000000000AAAAY", "0010000000000AAAAY"
SHORT_IDS = ("006OPEN", "006COIN")
METRICS_AS_RATIOS = (
    "win_rate",
    "win_rate_amount",
    "win_rate_cohort",
    "stage_win_rate",
    "stage_adjusted_pipeline",
    "sales_cycle_days",
    "average_deal_age_days",
    "overdue_rate",
    "overdue_rate_snapshot",
    "average_days_in_stage",
    "average_days_pushed",
    "pushes_per_opportunity",
    "slippage_rate",
)
METRICS_EXACT = (
    "opportunity_count",
    "open_opportunity_count",
    "open_pipeline",
    "weighted_pipeline",
    "overdue_pipeline",
    "won_revenue",
    "won_count",
    "lost_count",
    "pipeline_snapshot",
    "open_opportunity_snapshot",
    "pipeline_walk_created",
    "pipeline_walk_reopened",
    "pipeline_walk_increased",
    "pipeline_walk_won",
    "pipeline_walk_lost",
    "pipeline_walk_end",
    "stage_entries",
    "pushed_count",
    "due_opportunity_count",
    "slipped_opportunity_count",
)
OF_QUARTERS = ("due_opportunity_count", "slipped_opportunity_count", "slippage_rate")
MONTHLY = ("pipeline_snapshot", "pipeline_walk_won", "pipeline_walk_reopened", "won_revenue")


def tables_of_other_org() -> dict[str, list[Row]]:
    """Give the org as Salesforce exports it."""
    person: Row = {
        "id": PERSON,
        "first_name": "Ana",
        "last_name": "Ruiz",
        "is_active": "true",
        "user_role_id": "00E0000000000AAAAA",
        "created_date": "2023-01-01T00:00:00",
        "last_modified_date": "2023-01-01T00:00:00",
    }
    account: Row = {
        "id": ACCOUNT[:15],
        "name": "Acme",
        "type": "Customer",
        "industry": "Energy",
        "annual_revenue": "",
        "billing_city": "",
        "billing_state": "",
        "billing_country": "",
        "owner_id": PERSON,
        "created_date": "2023-01-01T00:00:00",
        "last_modified_date": "2023-01-01T00:00:00",
    }
    opportunities, history = [], []
    for name, changes in HISTORIES.items():
        for number, (time, stage, amount, probability, close_date) in enumerate(changes):
            state: Row = {
                "stage_name": stage,
                "amount": "" if amount is None else amount,
                "probability": "" if probability is None else probability,
                "close_date": close_date,
            }
            change = {
                "id": f"008{name[3:]}{number}",
                "opportunity_id": name,
                "created_date": time,
                "forecast_category": FORECAST_CATEGORIES.get(stage, ""),
                "currency_iso_code": "USD",
            }
            if name not in UNRECORDED or number < len(changes) - 1:
                history.append({**change, **state})
        closed, won = STAGES[stage]
        ids = 15 if name in SHORT_IDS else 18
        opportunities.append(
            {
                "id": name,
                "account_id": ACCOUNT[:ids],
                "owner_id": PERSON[:ids],
                "name": name,
                "currency_iso_code": "EUR" if name == "006COIN" else "USD",
                "Loss_Reason__c": "Price" if name in ("006BACK", "006OPEN") else "",
                "type": "",
                "lead_source": "",
                "forecast_category": "",
                "is_closed": str(closed).lower(),
                "is_won": str(won).lower(),
                "created_date": changes[0][0],
                "last_modified_date": changes[-1][0],
                **state,
            }
        )
    role = {"id": person["user_role_id"], "name": "EMEA", "parent_role_id": ""}
    return {
        "user_role": [role],
        "user": [person],
        "account": [account],
        "opportunity": opportunities,
        "opportunity_history": history,
    }


@pytest.fixture(scope="module")
def other_org(
    parsed: Path, postgres_server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp("other_org")
    data = directory / "export"
    data.mkdir()
    for name, rows in tables_of_other_org().items():
        with (data / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    with closing(
        build_on_engines(
            directory / "project", parsed, {"salesforce": data}, postgres_server, VARIABLES
        )
    ) as built:
        yield built


@pytest.fixture(scope="module")
def other_oracle() -> PipelineOracle:
    return PipelineOracle(tables_of_other_org(), LAST, rates=RATES, fewest_closed=2)


def _questions() -> Iterator[tuple[str, tuple[str, ...]]]:
    for metric in (*METRICS_EXACT, *METRICS_AS_RATIOS):
        # What is due is due in a quarter, and not asked over all time.
        by = ("fiscal_quarter",) if metric in OF_QUARTERS else ()
        yield metric, by
        by_stage = (*by, "opportunity__stage_name")
        if metric != "stage_adjusted_pipeline" and has_meaning(metric, by_stage):
            yield metric, by_stage
    for metric in MONTHLY:
        yield metric, ("month",)
    for dimension in ("account__industry", "owner__owner_name", "opportunity__currency"):
        yield "open_pipeline", (dimension,)
    yield "stage_win_rate", ("stage_entry__stage_name",)


@BOTH
@pytest.mark.parametrize(("metric", "group"), list(_questions()), ids=name_of)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    other_org: BuiltProject,
    other_oracle: PipelineOracle,
) -> None:
    expected = other_oracle.value(metric, group)
    found = with_plain_days(other_org.answer(engine, metric, *store_names(group, {})))
    assert expected, "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=metric in METRICS_AS_RATIOS)


@BOTH
def test_what_flips_counts_once_in_its_last_state(engine: str, other_org: BuiltProject) -> None:
    won = other_org.answer(engine, "won_revenue", "opportunity")
    assert {key[0]: float(value) for key, value in won.items() if value} == {
        "salesforce:006FLIP": 1500,
        "salesforce:006BORN": 400,
        "salesforce:006NAME": 800,
    }
    assert other_org.answer(engine, "lost_count")[()] == 1
    # What was in the pipeline when it was closed left it once: it was not open in between.
    left = other_org.answer(engine, "pipeline_walk_won", "metric_time__month")
    assert {key[0]: float(value) for key, value in left.items() if value} == {
        datetime(2024, 2, 1): 1800,
        datetime(2024, 4, 1): 700,
    }
    # Only those whose close date follows their creation have a sales cycle: 65 and 31 days.
    assert float(other_org.answer(engine, "sales_cycle_days")[()]) == 48


@BOTH
def test_losses_have_the_reason_that_the_record_gives(engine: str, other_org: BuiltProject) -> None:
    """Only the loss in which an opportunity stands: one that was reopened has none."""
    reasons = other_org.answer(engine, "lost_deals", "funnel_event__lost_reason")
    assert reasons == {("Price",): 1, (None,): 2}
    assert other_org.answer(engine, "lost_count", "opportunity__lost_reason")["Price",] == 1


def test_what_is_odd_is_warned_about(other_org: BuiltProject) -> None:
    printed = other_org.run("dbt", "test", "--vars", VARIABLES, "--select", "test_type:singular")
    warned = {
        name
        for name in (path.stem for path in (other_org.project / "tests" / "data").glob("*.sql"))
        if any("WARN" in line and f" {name} " in line for line in printed.splitlines())
    }
    assert warned >= {
        "stages_are_known",
        "won_opportunities_close_after_creation",
        "closed_opportunities_stay_as_they_are",
        "open_opportunities_have_a_probability",
        "past_stages_have_an_outcome",
    }
    # What is named is the deal and its stage, not only how many there are.
    named = "past_stages_have_an_outcome: stage_name "
    assert f"{named}Limbo, opportunity_id salesforce:006VOID" in printed
    assert f"{named}Signed (old)" not in printed
