"""A metric is one expression where that is exact, and refused with the reason where it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from metrics_store.interchange.expressions.keyed_joins import keyed_joins, lost_joins
from metrics_store.interchange.expressions.metric_expression import MetricExpressions
from metrics_store.interchange.expressions.spellings import NamedSpelling
from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.layer.condition import Condition
from metrics_store.interchange.layer.metric import Aggregate

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer


def _written(layer: SemanticLayer, metric: str) -> str:
    expressions = MetricExpressions(layer, NamedSpelling(layer))
    return expressions.expression(layer.metrics[metric]).sql()


def _where(layer: SemanticLayer, metric: str, template: str) -> SemanticLayer:
    """Give a metric a condition."""
    changed = replace(layer.metrics[metric], conditions=(Condition.parse(template),))
    return replace(layer, metrics={**layer.metrics, metric: changed})


def _changed_model(
    layer: SemanticLayer, model: str, dimension: str, **changes: object
) -> SemanticLayer:
    """Change a dimension of a semantic model."""
    old = layer.models[model]
    dimensions = [
        replace(one, **changes) if one.name == dimension else one  # type: ignore[arg-type]
        for one in old.dimensions
    ]
    models = {**layer.models, model: replace(old, dimensions=tuple(dimensions))}
    return replace(layer, models=models)


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{{ Dimension('order__status') }} = 'paid'", "(orders.status = 'paid')"),
        ("{{ Dimension('customer__region') }} = 'north'", "(customers.region = 'north')"),
        (
            "{{ Dimension('agent__team', entity_path=['customer']) }} = 'a'",
            "(agents.team = 'a')",
        ),
        (
            "{{ TimeDimension('metric_time', 'month') }} > '2024-01-01'",
            "(DATE_TRUNC('MONTH', orders.ordered_at) > '2024-01-01')",
        ),
        (
            "{{ Dimension('order__ordered_at').date_part('year') }} = 2024",
            "(EXTRACT(YEAR FROM orders.ordered_at) = 2024)",
        ),
        ("{{ Entity('customer') }} is not null", "(NOT orders.customer IS NULL)"),
    ],
)
def test_conditions_are_within_the_aggregate(
    template: str, written: str, market_layer: SemanticLayer
) -> None:
    layer = _where(market_layer, "revenue", template)
    assert _written(layer, "revenue") == f"SUM(CASE WHEN {written} THEN orders.amount END)"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ Metric('visits', ['customer']) }} > 1", "its rows depend on another metric"),
        ("{{ Dimension('order__nothing') }} = 1", "stands for nothing in its rows"),
        ("status = 'paid'", "its condition names the column status itself"),
        (
            "{{ TimeDimension('metric_time', 'market_quarter') }} = 1",
            "its condition is about the project's own grain market_quarter",
        ),
    ],
)
def test_conditions_that_are_no_values_of_a_row_are_refused(
    template: str, reason: str, market_layer: SemanticLayer
) -> None:
    with pytest.raises(UnsayableError, match=reason):
        _written(_where(market_layer, "revenue", template), "revenue")


def test_conditions_of_a_whole_hold_for_its_parts(market_layer: SemanticLayer) -> None:
    layer = _where(market_layer, "revenue_per_buyer", "{{ Dimension('order__channel') }} = 'web'")
    held = "CASE WHEN (orders.channel = 'web') THEN"
    assert _written(layer, "revenue_per_buyer") == (
        f"(SUM({held} orders.amount END)) / "
        f"NULLIF((COUNT(DISTINCT {held} orders.customer_id END)), 0)"
    )


def test_parts_of_two_times_of_one_model_are_refused(market_layer: SemanticLayer) -> None:
    buyers = market_layer.metrics["buyers"]
    assert isinstance(buyers.definition, Aggregate)
    changed = replace(buyers, definition=replace(buyers.definition, time="paid_at"))
    layer = replace(market_layer, metrics={**market_layer.metrics, "buyers": changed})
    assert _written(layer, "buyers")
    reason = "its parts count at different times of orders: ordered_at and paid_at"
    with pytest.raises(UnsayableError, match=reason):
        _written(layer, "revenue_per_buyer")


def test_a_column_whose_name_means_something_else_is_refused(
    market_layer: SemanticLayer,
) -> None:
    layer = _changed_model(market_layer, "orders", "quantity", name="amount", expr="amount * 2")
    with pytest.raises(UnsayableError, match=r"orders\.amount is both a column and a name"):
        _written(layer, "revenue")


def test_what_several_relationships_lead_to_is_refused(bikes_layer: SemanticLayer) -> None:
    with pytest.raises(UnsayableError, match="several relationships lead from rides to cities"):
        _written(bikes_layer, "fees_in_switzerland")


def test_joins_are_said_once_and_only_by_keys(market_layer: SemanticLayer) -> None:
    pairs = {(one.from_model, one.to_model) for one in keyed_joins(market_layer)}
    assert pairs == {("customers", "agents"), ("orders", "customers"), ("visits", "customers")}
    assert lost_joins(market_layer) == []
    layer = _changed_model(market_layer, "orders", "channel", is_partition=True)
    layer = _changed_model(layer, "customers", "region", name="channel", is_partition=True)
    assert {(one.from_model, one.to_model) for one in keyed_joins(layer)} == pairs - {
        ("orders", "customers")
    }
    reason = "rows meet only where channel is the same"
    assert lost_joins(layer) == [f"the join from orders to customers by customer: {reason}"]
    filtered = _where(layer, "revenue", "{{ Dimension('customer__channel') }} = 'north'")
    with pytest.raises(UnsayableError, match=reason):
        _written(filtered, "revenue")
