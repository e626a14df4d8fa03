"""What Cube can say of the metrics, in which words, and why not of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from metrics_store.interchange.cube.cubes_writer import data_model
from metrics_store.interchange.cube.data_model import NUMBER, Reference, RollingWindow, Sql
from metrics_store.interchange.layer.condition import Condition
from metrics_store.interchange.layer.metric import (
    Aggregate,
    Cumulative,
    Derived,
    Metric,
    MetricInput,
    Ratio,
)

if TYPE_CHECKING:
    from metrics_store.interchange.cube.data_model import DataModel, Measure, View
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer

LEFT_OUT = {
    "bikes": "it does not add up over `counted_on` (non_additive_dimension)",
    "bikes_change": "of `bikes`: it does not add up over `counted_on` (non_additive_dimension)",
    "fees_30_days_average": "a period's value is that of its average day (period_agg); in Cube it "
    "is that of the last",
    "fees_at_month_start": "it reads `fees` at another time (offset to the start of its month)",
    "fees_growth": "it reads `fees` at another time (offset 1 month)",
    "fees_in_switzerland": "its filter names `station__city__country`, which Cube does not reach "
    "by that way",
    "fees_less_visits": "it is made of rows of several semantic models: rides, visits",
    "fees_of_frequent_riders": "its filter asks another metric: `rides by rider`",
    "rides_every_day": "periods without rows have a value too (join_to_timespine)",
    "visit_to_ride": "it counts events of an entity that are followed by others (conversion)",
}


@pytest.fixture(scope="session")
def bikes_model(bikes_layer: SemanticLayer) -> DataModel:
    return data_model(bikes_layer, to_date=True)


def measures(model: DataModel, cube: str = "rides_rows") -> dict[str, Measure]:
    [found] = [one for one in model.cubes if one.name == cube]
    return {one.name: one for one in found.measures}


def text(sql: Sql) -> str:
    def said(part: str | Reference) -> str:
        if isinstance(part, str):
            return part
        return f"{{{'.'.join(one for one in (part.cube or 'CUBE', part.member) if one)}}}"

    return "".join(map(said, sql))


def with_metrics(layer: SemanticLayer, *metrics: Metric) -> SemanticLayer:
    return replace(layer, metrics={**layer.metrics, **{one.name: one for one in metrics}})


def test_every_metric_is_in_cube_or_has_a_reason(
    bikes_layer: SemanticLayer, bikes_model: DataModel
) -> None:
    public = {one.name for one in bikes_layer.metrics.values() if not one.is_private}
    reasons = {one.name: one.reason for one in bikes_model.left_out}
    assert {*bikes_model.metrics, *reasons} == public
    assert not {*bikes_model.metrics} & {*reasons}
    assert {name: reasons[name] for name in LEFT_OUT} == LEFT_OUT
    assert len(bikes_model.metrics) == 29


def test_what_counts_since_a_periods_start_is_asked_by_periods_within_it(
    bikes_layer: SemanticLayer,
) -> None:
    month = bikes_layer.metrics["fees_month_to_date"]
    asked = replace(month, meta={"grains": ["day", "month"]})
    found = measures(data_model(with_metrics(bikes_layer, asked), to_date=True))
    assert found["fees_month_to_date"].window == RollingWindow(to_date="month")
    by_week = replace(month, meta={"grains": ["day", "week", "month"]})
    for metric in (month, by_week):
        model = data_model(with_metrics(bikes_layer, metric), to_date=True)
        reasons = {one.name: one.reason for one in model.left_out}
        assert "Cube counts since the start of the latter" in reasons["fees_month_to_date"]
    older = data_model(with_metrics(bikes_layer, asked), to_date=False)
    reasons = {one.name: one.reason for one in older.left_out}
    reason = "it counts since the start of the month, which Cube can in YAML models only"
    assert reasons["fees_month_to_date"] == reason


def test_aggregates_become_measures_of_their_type(bikes_model: DataModel) -> None:
    found = measures(bikes_model)
    assert (found["fees"].type, text(found["fees"].sql)) == ("sum", "{CUBE}.fee")
    assert found["average_fee"].type == "avg"
    assert found["longest_ride"].type == "max"
    assert found["riders_riding"].type == "count_distinct"
    p75 = "PERCENTILE_DISC(0.75) WITHIN GROUP (ORDER BY {CUBE}.minutes)"
    assert (found["p75_minutes"].type, text(found["p75_minutes"].sql)) == (NUMBER, p75)
    [north] = found["fees_at_north"].filters
    assert text(north) == "({stations_rows.station_name} = 'North')"
    # The default time's rider plan is that of the day on which the ride counts.
    [plus] = found["fees_on_plus"].filters
    assert text(plus) == "({rider_plans_rows.plan} = 'plus')"
    [early] = found["rides_until_march"].filters
    assert text(early) == "({CUBE.ride_day} < '2024-04-01')"


def test_what_is_made_of_metrics_names_their_measures(bikes_model: DataModel) -> None:
    found = measures(bikes_model)
    assert text(found["fee_per_ride"].sql) == (
        "(CAST({CUBE.fees} AS DOUBLE PRECISION) / "
        "CAST(NULLIF({CUBE.rides}, 0) AS DOUBLE PRECISION))"
    )
    # In parentheses: Cube puts it into others as it is.
    assert text(found["twice_fee_per_ride"].sql) == "(2 * {CUBE.fee_per_ride})"
    ebikes = found["ebike_share__numerator"]
    assert [text(one) for one in ebikes.filters] == ["({CUBE.kind} = 'ebike')"]
    # Where no ride is of either part, the store has no value; coalesce would say 0.
    assert text(found["ebike_lead"].sql) == (
        "CASE WHEN COUNT(CASE WHEN ({CUBE.kind} = 'ebike') OR ({CUBE.kind} != 'ebike') THEN 1 END)"
        " > 0 THEN (coalesce({CUBE.ebike_lead__ebikes}, 0) - "
        "coalesce({CUBE.ebike_lead__others}, 0)) END"
    )
    assert text(found["fees_or_nothing"].sql) == "COALESCE({CUBE.fees_or_nothing__known}, 0)"


def test_both_parts_of_a_ratio_may_be_of_one_metric(bikes_layer: SemanticLayer) -> None:
    riders = MetricInput("riders_riding", "riders_riding")
    few = replace(riders, conditions=bikes_layer.metrics["fees_at_north"].conditions)
    plus = bikes_layer.metrics["fees_on_plus"].conditions
    share = Metric(name="share", type="ratio", definition=Ratio(few, riders), conditions=plus)
    found = measures(data_model(with_metrics(bikes_layer, share), to_date=True))
    assert len(found["share__numerator__distinct"].filters) == 2
    assert len(found["share__denominator__distinct"].filters) == 1


def test_what_is_accumulated_has_a_window(bikes_model: DataModel) -> None:
    found = measures(bikes_model)
    assert found["fees_7_days"].window == RollingWindow(trailing="7 day")
    assert found["running_fees"].window == RollingWindow(trailing="unbounded")
    # Cube counts 0 of nothing, where the store has no value.
    assert text(found["riders_28_days"].sql) == (
        "CASE WHEN {CUBE.riders_28_days__rows} > 0 THEN {CUBE.riders_28_days__distinct} END"
    )


def test_what_says_0_of_nothing_says_so_accumulated_too(bikes_layer: SemanticLayer) -> None:
    week = bikes_layer.metrics["fees_7_days"]
    assert isinstance(week.definition, Cumulative)
    of = replace(week.definition.of, name="fees_or_nothing")
    filled = replace(week, name="filled", definition=replace(week.definition, of=of))
    found = measures(data_model(with_metrics(bikes_layer, filled), to_date=True))
    assert text(found["filled"].sql) == "COALESCE({CUBE.filled__known}, 0)"
    assert found["filled__known"].window == RollingWindow(trailing="7 day")


def test_a_filtered_count_of_kinds_has_no_value_where_no_row_passes(
    bikes_layer: SemanticLayer,
) -> None:
    counted = replace(
        bikes_layer.metrics["riders_riding"],
        name="ebike_riders",
        conditions=(Condition.parse("{{ Dimension('ride__kind') }} = 'ebike'"),),
    )
    found = measures(data_model(with_metrics(bikes_layer, counted), to_date=True))
    assert text(found["ebike_riders"].sql) == (
        "CASE WHEN COUNT(CASE WHEN ({CUBE.kind} = 'ebike') THEN 1 END) > 0 "
        "THEN {CUBE.ebike_riders__distinct} END"
    )


def test_nothing_is_left_of_what_was_given_up(
    bikes_layer: SemanticLayer, bikes_model: DataModel
) -> None:
    mixed = Metric(
        name="mixed",
        type="derived",
        definition=Derived(
            "few - all_rides",
            (
                MetricInput("rides", "few", bikes_layer.metrics["ebike_rides"].conditions),
                MetricInput("app_visits", "all_rides"),
            ),
        ),
    )
    changed = data_model(with_metrics(bikes_layer, mixed), to_date=True)
    assert "mixed" in {one.name for one in changed.left_out}
    assert changed.cubes == bikes_model.cubes


def test_names_of_others_are_no_inputs(bikes_layer: SemanticLayer) -> None:
    wrong = Metric(
        name="wrong",
        type="derived",
        definition=Derived("fees - cost", (MetricInput("fees", "fees"),)),
    )
    found = data_model(with_metrics(bikes_layer, wrong), to_date=True)
    reasons = {one.name: one.reason for one in found.left_out}
    assert reasons["wrong"] == "its expression names `cost`, which is no input"


def test_parts_on_different_times_are_not_put_together(bikes_layer: SemanticLayer) -> None:
    both = Metric(
        name="both",
        type="derived",
        definition=Derived(
            "rides + rides_by_the_hour",
            (MetricInput("rides", "rides"), MetricInput("rides_by_the_hour", "rides_by_the_hour")),
        ),
    )
    found = data_model(with_metrics(bikes_layer, both), to_date=True)
    reasons = {one.name: one.reason for one in found.left_out}
    assert reasons["both"] == "its parts count on different times: ride_day, started_at"


def view(model: DataModel, name: str) -> View:
    return next(one for one in model.views if one.name == name)


def test_views_call_members_as_all_interfaces_do(market_layer: SemanticLayer) -> None:
    model = data_model(market_layer, to_date=True)
    orders = {one.name: (one.path, one.member) for one in view(model, "orders").dimensions}
    assert orders["metric_time"] == (("orders_rows",), "ordered_at")
    assert orders["order__status"] == (("orders_rows",), "status")
    assert orders["customer__region"] == (("orders_rows", "customers_rows"), "region")
    way = ("orders_rows", "customers_rows", "agents_rows")
    assert orders["customer__agent__team"] == (way, "team")


def test_metrics_of_another_time_have_a_view_of_their_own(bikes_model: DataModel) -> None:
    hourly = view(bikes_model, "rides_by_started_at")
    assert [one.name for one in hourly.measures] == ["rides_by_the_hour"]
    assert hourly.dimensions[0].member == "started_at"
    names = {one.name for one in hourly.dimensions}
    # A plan is that of the day on which a ride counts by default, and not of this time.
    assert "rider__plan" not in names
    assert "rider__plan" in {one.name for one in view(bikes_model, "rides").dimensions}


def test_two_ways_of_one_length_are_no_way(bikes_model: DataModel) -> None:
    names = {one.name for one in view(bikes_model, "rides").dimensions}
    assert not any("city" in one for one in names)
    ways = {one.name for one in bikes_model.narrowed}
    assert {
        "cities from rides by `station__city`",
        "cities from rides by `rider__city`",
    } <= ways
    # From visits there is one.
    visits = {one.name for one in view(bikes_model, "visits").dimensions}
    assert "rider__city__country" in visits


def test_a_dimension_that_is_called_like_a_metric_has_its_entity_before_it(
    bikes_model: DataModel,
) -> None:
    [rides] = [one for one in bikes_model.cubes if one.name == "rides_rows"]
    names = [one.name for one in rides.dimensions]
    assert "ride__minutes" in names
    assert not {*names} & {*measures(bikes_model)}


def test_rows_without_a_key_have_one_that_is_never_needed(market_layer: SemanticLayer) -> None:
    model = data_model(market_layer, to_date=True)
    [stock] = [one for one in model.cubes if one.name == "stock_rows"]
    assert [one.name for one in stock.dimensions if one.is_key] == ["shelf_day__row"]
    assert not any(join.to == "stock_rows" for cube in model.cubes for join in cube.joins)


def test_words_that_cube_keeps_are_no_names(bikes_layer: SemanticLayer) -> None:
    kept = replace(bikes_layer.metrics["fees"], name="yield")
    rides = bikes_layer.models["rides"]
    kinds = tuple(
        replace(one, name="class") if one.name == "is_long" else one for one in rides.dimensions
    )
    layer = with_metrics(bikes_layer, kept)
    models = {**layer.models, "rides": replace(rides, dimensions=kinds)}
    found = data_model(replace(layer, models=models), to_date=True)
    assert "yield" in {one.name for one in found.left_out}
    members = {one.name: one.member for one in view(found, "rides").dimensions}
    assert members["ride__class"] == "ride__class"


def test_an_unknown_function_is_no_measure(bikes_layer: SemanticLayer) -> None:
    odd = Metric(name="odd", definition=Aggregate("rides", "mode", "fee", "ride_day"))
    found = data_model(with_metrics(bikes_layer, odd), to_date=True)
    reasons = {one.name: one.reason for one in found.left_out}
    assert reasons["odd"] == "Cube has no measure of `mode`"
