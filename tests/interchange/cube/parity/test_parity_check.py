"""A check asks all that the views can be asked. Here a store of its own answers as Cube does."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from corpus.right.seeds import ORDERS
from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.cube.model_files import YAML, exported_model
from metrics_store.interchange.cube.parity import parity_check
from metrics_store.interchange.cube.parity.cube_answers import CubeAnswers
from metrics_store.interchange.cube.parity.parity_check import Findings, ParityCheck
from projects import TARGETS
from serve.cube.conftest import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.client.connection import Connection
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer
    from projects import SmallProject
    from serve.cube.conftest import CubeServer

pytest.importorskip("cubejs_client", reason="Cube's client for Python is not installed")
METRICS = ["revenue_paid", "revenue_7_days"]


@pytest.fixture(scope="module")
def store(market: SmallProject) -> Iterator[CubeServer]:
    with opened(market, TARGETS["duckdb"]) as server:
        yield server


@pytest.fixture(scope="module")
def connection(market: SmallProject) -> Iterator[Connection]:
    with ExitStack() as stack:
        yield market.connect(stack, "duckdb")


def checked(layer: SemanticLayer, connection: Connection, url: str, metrics: list[str]) -> Findings:
    model = exported_model(layer, YAML).of_metrics(metrics)
    return ParityCheck(layer, model, connection, CubeAnswers.at(url, "anybody")).run(lambda _: None)


def test_the_same_questions_have_the_same_answers(
    market_layer: SemanticLayer, connection: Connection, store: CubeServer
) -> None:
    found = checked(market_layer, connection, store.url, METRICS)
    assert found.is_clean, found
    paid = [str(one.number) for one in ORDERS if one.status == "paid"]
    assert {
        "orders.revenue_paid",
        "orders.revenue_paid by customer__agent__team",
        f"orders.revenue_paid where order is {min(paid)}",
        "orders.revenue_paid by metric_time__week from 2024-01-01 to 2024-06-02",
        "orders.revenue_paid by metric_time__month from 2024-03-01 to 2024-05-31",
        "orders.revenue_paid by metric_time__month, customer from 2024-01-01 to 2024-05-31",
        "orders.revenue_paid by order__ordered_at__month",
        "orders.revenue_7_days by metric_time__day from 2024-01-01 to 2024-05-31",
    } <= {*found.equal}
    assert len(found.equal) == len({*found.equal}) > 30


def test_what_differs_is_said(
    market_layer: SemanticLayer,
    connection: Connection,
    store: CubeServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = CubeAnswers.rows

    def more(self: CubeAnswers, query: dict[str, object]) -> list[dict[str, object]]:
        name = "orders.revenue"
        return [{**row, name: float(row[name]) + 1} for row in rows(self, query) if row[name]]

    monkeypatch.setattr(CubeAnswers, "rows", more)
    found = checked(market_layer, connection, store.url, ["revenue"])
    assert not found.equal
    [total] = found.differences["orders.revenue"]
    assert total.cube is not None
    assert total.cube - 1 == pytest.approx(total.engine)


def test_what_cube_would_cut_is_not_compared(
    market_layer: SemanticLayer,
    connection: Connection,
    store: CubeServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parity_check, "MOST_ROWS", 20)
    found = checked(market_layer, connection, store.url, ["revenue"])
    assert found.is_clean
    assert "orders.revenue by order" in found.cut
    assert "orders.revenue by customer__region" in found.equal


def test_a_server_that_cannot_be_asked_is_named(
    market_layer: SemanticLayer, connection: Connection
) -> None:
    with pytest.raises(MetricsStoreError, match="the Cube server does not answer"):
        checked(market_layer, connection, "http://127.0.0.1:9", ["revenue"])


def test_a_metric_that_cube_cannot_say_is_refused_with_the_reason(
    market_layer: SemanticLayer,
) -> None:
    model = exported_model(market_layer, YAML)
    with pytest.raises(MetricsStoreError, match="stock: it does not add up over `stock_day`"):
        model.of_metrics(["stock"])
    with pytest.raises(MetricsStoreError, match="perhaps revenue"):
        model.of_metrics(["revenu"])
