"""A Pipedrive org with amounts: every metric equals the oracle, by records and the API's log."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from definitions import (
    test_forecast_oracle,
    test_health_oracle,
    test_history_oracle,
    test_outcomes_oracle,
    test_pipeline_oracle,
    test_slippage_oracle,
    test_velocity_oracle,
)
from definitions.comparing import GRAINS, differences, name_of, store_names, with_plain_days
from definitions.warehouses import ROOT, BuiltProject, build_on_engines
from metrics_store.demo.demo_calendar import LAST_DAY
from metrics_store.demo.pipedrive_api import api_source
from metrics_store.query.metric_request import MetricRequest
from oracle.pipeline.pipedrive import TABLES, PipedriveOracle
from oracle.pipeline.seeds import read_rates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Whoever runs one of these runs all: what they share is built but once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("pipedrive_deals")]

FISCAL_YEAR_START_MONTH = 2
VARIABLES = f"{{source_dt: '{LAST_DAY}', fiscal_year_start_month: {FISCAL_YEAR_START_MONTH}}}"
Group = tuple[str, ...]
# What the oracle calls by a plain name; of a stage entry it is the stage that was entered.
NAMES = {**test_slippage_oracle.OF_THE_TIME, **test_forecast_oracle.NAMES}
COUNTS = {
    *test_pipeline_oracle.AMOUNTS_AND_COUNTS,
    *test_history_oracle.HISTORY_METRICS,
    *test_slippage_oracle.SLIPPAGE_METRICS,
    *test_outcomes_oracle.TO_DATE,
    "stage_entries",
} - {"overdue_rate_snapshot", *test_slippage_oracle.RATIOS}
FLOAT_SUMS = test_velocity_oracle.FLOAT_SUMS


def _questions() -> list[tuple[str, Group]]:
    asked = [
        *test_pipeline_oracle.QUESTIONS,
        *test_history_oracle.QUESTIONS,
        *test_slippage_oracle.QUESTIONS,
        *test_velocity_oracle.QUESTIONS,
        *test_health_oracle.QUESTIONS,
        *test_outcomes_oracle._questions(
            {
                **test_outcomes_oracle.TO_DATE,
                **test_outcomes_oracle.GROWTH,
                **test_outcomes_oracle.OF_OPEN_ONES,
            }
        ),
        *test_forecast_oracle.QUESTIONS,
    ]
    return list(dict.fromkeys(asked))


@pytest.fixture(scope="module")
def deal_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("pipedrive_deals")
    api_source.generate(directory, 0.2, 7, lambda _: None)
    return directory


@pytest.fixture(scope="module")
def oracle(deal_data: Path) -> PipedriveOracle:
    import pyarrow.parquet as pq  # noqa: PLC0415 - as the oracle's own readers do

    raw = {table: pq.read_table(deal_data / f"{table}.parquet").to_pylist() for table in TABLES}
    return PipedriveOracle(
        raw,
        LAST_DAY,
        rates=read_rates(ROOT / "seeds" / "currency_rates.csv"),
        fiscal_year_start_month=FISCAL_YEAR_START_MONTH,
    )


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def deals(
    request: pytest.FixtureRequest,
    deal_data: Path,
    parsed: Path,
    postgres_server: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp(f"deals_of_{request.param}") / "project"
    sources = {"pipedrive": deal_data}
    with closing(
        build_on_engines(directory, parsed, sources, postgres_server, VARIABLES, {request.param})
    ) as built:
        yield built


@pytest.mark.parametrize(("metric", "group"), _questions(), ids=name_of)
def test_equals_the_oracle(
    metric: str, group: Group, deals: BuiltProject, oracle: PipedriveOracle
) -> None:
    [engine] = deals.stores
    known = test_outcomes_oracle.ORACLE_NAMES.get(metric, metric)
    expected = dict(oracle.value(known, group))
    found = with_plain_days(deals.answer(engine, metric, *store_names(group, NAMES)))
    assert expected, "the oracle has nothing to compare with"
    if metric in test_health_oracle.HEALTH_METRICS:
        # Neither a period that has not begun, nor none, is scored.
        periods = [place for place, name in enumerate(group) if name in GRAINS]
        found = {
            key: value
            for key, value in found.items()
            if all(key[place] is not None and key[place] <= LAST_DAY for place in periods)
        }
    if metric in FLOAT_SUMS:
        for answer in (expected, found):
            answer.update({key: 0.0 for key in {*expected, *found} if key not in answer})
    assert not differences(expected, found, is_ratio=metric not in COUNTS)


def test_the_pipeline_review_shows_its_deals(deals: BuiltProject, oracle: PipedriveOracle) -> None:
    [store] = deals.stores.values()
    answer = store.answer(MetricRequest(saved_query="pipeline_pulse_by_stage"))
    stage = "opportunity__stage_name"
    found = {(row[stage],): row["open_pipeline"] for row in answer.to_pylist()}
    assert not differences(dict(oracle.value("open_pipeline", (stage,))), found, is_ratio=False)
