"""Snapshots and the walk, of histories worked out by hand; every walk balances to the cent."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from oracle.pipeline.mini import ANA, BEN, oracle_of, owner_change, with_history
from oracle.pipeline.movements import PARTS

if TYPE_CHECKING:
    from oracle.pipeline import PipelineOracle

JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
WON, LOST, NEEDS = "Closed Won", "Closed Lost", "Needs Analysis"


def walk(oracle: PipelineOracle, by: list[str]) -> dict[tuple[object, ...], dict[str, float]]:
    """Every part that is not 0, by key."""
    found: dict[tuple[object, ...], dict[str, float]] = {}
    for part in ("start", *PARTS, "end"):
        for key, value in oracle.value(f"pipeline_walk_{part}", by).items():
            assert value is not None
            if value:
                found.setdefault(key, {})[part] = value
    return found


def test_snapshots_hold_the_end_of_the_periods_last_day_and_0_after() -> None:
    deal = with_history(
        "A",
        ("2024-01-10T12:00:00", {}),
        ("2024-01-31T23:59:59", {"amount": "150", "probability": "20"}),
        ("2024-02-01T00:00:00", {"amount": "170"}),
        ("2024-02-05", {"stage_name": LOST}),
    )
    oracle = oracle_of(deal, source_dt=date(2024, 3, 10))
    for group in ([], ["opportunity__opportunity_type"]):
        key = ("New Customer",) if group else ()
        snapshots = oracle.value("pipeline_snapshot", ["month", *group])
        assert snapshots == {(JANUARY, *key): 150, (FEBRUARY, *key): 0, (MARCH, *key): 0}
    assert oracle.value("weighted_pipeline_snapshot", ["month"])[JANUARY,] == 30
    days = oracle.value("open_opportunity_snapshot", ["day"])
    assert [days[date(2024, 2, day),] for day in (3, 4, 5)] == [1, 1, 0]
    assert min(days) == (date(2024, 1, 10),)
    assert max(days) == (date(2024, 3, 10),)
    changes = oracle.value("pipeline_day_over_day", ["day"])
    assert {key[0]: value for key, value in changes.items() if value} == {
        date(2024, 1, 10): 100,
        date(2024, 1, 31): 50,
        date(2024, 2, 1): 20,
        date(2024, 2, 5): -170,
    }
    assert oracle.value("pipeline_day_over_day") == {(): 0}


def test_day_over_day_of_the_reference_date_by_opportunity() -> None:
    deals = [
        with_history("A", ("2024-01-01", {}), ("2024-01-09T08:00:00", {"amount": "70"})),
        with_history("B", ("2024-01-09", {"amount": "5"})),
        with_history("C", ("2024-01-01", {})),
    ]
    oracle = oracle_of(*deals, source_dt=date(2024, 1, 9))
    assert oracle.value("pipeline_day_over_day", ["opportunity"]) == {
        ("salesforce:A",): -30,
        ("salesforce:B",): 5,
        ("salesforce:C",): 0,
    }


def test_the_nine_parts_of_one_deals_life() -> None:
    deal = with_history(
        "A",
        ("2024-01-10", {}),
        ("2024-01-20", {"amount": "130"}),
        ("2024-02-03", {"amount": "90", "stage_name": NEEDS}),
        ("2024-02-10", {"amount": "95", "stage_name": LOST}),
        ("2024-02-20", {"amount": "80", "stage_name": NEEDS}),
        ("2024-03-02", {"amount": "85", "stage_name": WON}),
        ("2024-03-04", {"amount": "85", "stage_name": LOST}),
    )
    oracle = oracle_of(deal, source_dt=date(2024, 3, 31))
    assert walk(oracle, ["month"]) == {
        (JANUARY,): {"created": 100, "increased": 30, "end": 130},
        (FEBRUARY,): {"start": 130, "decreased": 40, "lost": 90, "reopened": 80, "end": 80},
        (MARCH,): {"start": 80, "won": 80},
    }
    # By stage, the decrease is on the old slice, and what is left moves.
    by_stage = walk(oracle, ["month", "stage_name"])
    assert by_stage[FEBRUARY, "Qualification"] == {"start": 130, "decreased": 40, "moved": -90}
    assert by_stage[FEBRUARY, NEEDS] == {"moved": 90, "lost": 90, "reopened": 80, "end": 80}
    assert walk(oracle, []) == {
        (): {
            "created": 100,
            "increased": 30,
            "decreased": 40,
            "lost": 90,
            "reopened": 80,
            "won": 80,
        }
    }


def test_created_closed_in_one_instant_gives_no_row_and_owners_move() -> None:
    closed = with_history("A", ("2024-01-10", {"stage_name": WON}))
    owned = with_history("B", ("2024-01-10", {"owner_id": BEN}))
    changes = [owner_change("B", "2024-02-10", ANA, BEN)]
    oracle = oracle_of(closed, owned, field_history=changes, source_dt=date(2024, 2, 29))
    assert walk(oracle, ["month", "owner__owner_name"]) == {
        (JANUARY, "Ana Li"): {"created": 100, "end": 100},
        (FEBRUARY, "Ana Li"): {"start": 100, "moved": -100},
        (FEBRUARY, "Ben"): {"moved": 100, "end": 100},
    }


def test_close_quarter_is_a_slice() -> None:
    deal = with_history("A", ("2024-01-10", {}), ("2024-02-01", {"close_date": "2024-07-01"}))
    moved = oracle_of(deal).value("pipeline_walk_moved", ["close_quarter"])
    assert moved == {(date(2024, 4, 1),): -100, (date(2024, 7, 1),): 100}


def test_no_amount_counts_0() -> None:
    deal = with_history("A", ("2024-01-10", {"amount": None}), ("2024-02-01", {"amount": "7.25"}))
    assert walk(oracle_of(deal, source_dt=date(2024, 2, 2)), ["month"]) == {
        (FEBRUARY,): {"increased": 7.25, "end": 7.25}
    }


def random_deals(seed: int) -> PipelineOracle:
    dice = random.Random(seed)
    stages = ["Qualification", NEEDS, "Proposal/Price Quote", WON, LOST]
    deals, owners = [], []
    for number in range(40):
        moment = datetime(2024, 1, 1) + timedelta(hours=6 * dice.randrange(300))
        states = []
        for _ in range(dice.randrange(1, 7)):
            columns: dict[str, object] = {
                "stage_name": dice.choice(stages),
                "amount": dice.choice([None, "0", f"{dice.randrange(10**7) / 100}"]),
                "close_date": str(date(2024, dice.randrange(1, 13), 28)),
                "forecast_category": dice.choice(["Pipeline", "BestCase"]),
                "owner_id": BEN,
            }
            states.append((moment.isoformat(), columns))
            moment += timedelta(hours=6 * dice.randrange(200))
        deals.append(with_history(str(number), *states))
        owners.append(owner_change(str(number), moment.isoformat(), ANA, BEN))
    return oracle_of(*deals, field_history=owners, source_dt=date(2024, 6, 15))


@pytest.mark.parametrize("period", ["day", "week", "month", "fiscal_quarter"])
@pytest.mark.parametrize(
    "slice_by",
    [[], ["stage_name"], ["owner"], ["forecast_category", "close_quarter"], ["opportunity"]],
)
def test_every_walk_balances(period: str, slice_by: list[str]) -> None:
    for seed in range(3):
        cells = walk(random_deals(seed), [period, *slice_by])
        assert cells
        for key, parts in cells.items():
            signed = [sign * parts.get(part, 0) for part, sign in PARTS.items()]
            end = parts.get("start", 0) + sum(signed)
            assert end == pytest.approx(parts.get("end", 0), abs=1e-6), key
        if not slice_by:
            assert all("moved" not in parts for parts in cells.values())


def test_snapshots_agree_with_the_state_of_each_day_asked_one_by_one() -> None:
    oracle = random_deals(7)
    days = oracle.value("pipeline_snapshot", ["day"])
    for (day,), value in days.items():
        assert isinstance(day, date)
        midnight = datetime.combine(day, datetime.min.time()) + timedelta(days=1)
        states = [replayed.before(midnight) for replayed in oracle.facts.replayed]
        assert value == pytest.approx(
            float(sum(state.amount for state in states if state and state.is_open))
        )
