"""The model that all renderers read says what the definitions say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.interchange.layer.condition import Condition, Name
from metrics_store.interchange.layer.metric import (
    Aggregate,
    Balance,
    Conversion,
    Cumulative,
    Derived,
    MetricInput,
    Percentile,
    Ratio,
    Window,
)
from metrics_store.interchange.layer.semantic_layer import Join

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer

EBIKE = Condition.parse("{{ Dimension('ride__kind') }} = 'ebike'")


def test_simple_metrics_say_what_they_aggregate(bikes_layer: SemanticLayer) -> None:
    found = {name: metric.definition for name, metric in bikes_layer.metrics.items()}
    assert found["fees"] == Aggregate("rides", "sum", "fee", "ride_day")
    assert found["fees_or_nothing"] == Aggregate("rides", "sum", "fee", "ride_day", fill=0)
    counted = "CASE WHEN ride_id IS NOT NULL THEN 1 ELSE 0 END"
    assert found["rides_every_day"] == Aggregate(
        "rides", "sum", counted, "ride_day", fill=0, every_period=True
    )
    bikes = found["bikes"]
    assert isinstance(bikes, Aggregate)
    assert bikes.balance == Balance("counted_on", "max", ())
    p75 = found["p75_minutes"]
    assert isinstance(p75, Aggregate)
    assert p75.percentile == Percentile(0.75, discrete=True, approximate=False)


def test_metrics_of_metrics_say_their_inputs(bikes_layer: SemanticLayer) -> None:
    found = {name: metric.definition for name, metric in bikes_layer.metrics.items()}
    share = found["ebike_fee_share"]
    assert isinstance(share, Ratio)
    assert share.numerator == MetricInput("fees", "ebike_fees", (EBIKE,))
    growth = found["fees_growth"]
    assert isinstance(growth, Derived)
    assert growth.inputs[1] == MetricInput("fees", "before", offset=Window(1, "month"))
    week = found["fees_7_days"]
    assert isinstance(week, Cumulative)
    assert (str(week.window), week.period_agg, week.of.name) == ("7 day", "last", "fees")
    # A filter of what is accumulated is the metric's own.
    assert bikes_layer.metrics["running_ebike_rides"].conditions == (EBIKE,)
    after = found["ebike_riders_after_a_reminder"]
    assert isinstance(after, Conversion)
    assert (after.entity, after.conversion.conditions) == ("rider", (EBIKE,))
    # Nobody asks for it: it was made of a measure.
    assert bikes_layer.metrics["reminder_count"].is_private


def test_conditions_name_what_they_are_about(bikes_layer: SemanticLayer) -> None:
    [country] = bikes_layer.metrics["fees_in_switzerland"].conditions
    assert country.names == [Name("dimension", ("station", "city"), "country")]
    assert str(country) == "station__city__country = 'CH'"
    [frequent] = bikes_layer.metrics["fees_of_frequent_riders"].conditions
    assert str(frequent) == "rides by rider >= 5"
    assert frequent.names[0].kind == "metric"
    [early] = bikes_layer.metrics["rides_until_march"].conditions
    assert early.render(lambda one: f"<{one}>") == "<metric_time__day> < '2024-04-01'"


def test_names_of_times_end_with_their_grain() -> None:
    calls = (
        "TimeDimension('order__paid_at', 'week')",
        "Dimension('order__paid_at').grain('week')",
        "TimeDimension('order__paid_at__week')",
    )
    expected = Name("dimension", ("order",), "paid_at", grain="week")
    assert [Name.parse(call) for call in calls] == [expected] * 3
    season = Name.parse("Dimension('metric_time__season')", ["season"])
    assert season == Name("dimension", (), "metric_time", grain="season")


def test_joins_make_no_two_rows_of_one(bikes_layer: SemanticLayer) -> None:
    joins = bikes_layer.joins
    assert Join("rides", "stations", "station") in joins
    assert Join("stations", "cities", "city") in joins
    # As of a day, one plan of a rider counts.
    assert Join("rides", "rider_plans", "rider") in joins
    assert not [one for one in joins if one.to_model == "rides"]
    assert {one.name for one in bikes_layer.custom_grains} == {"season", "fortnight"}
