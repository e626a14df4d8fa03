from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.definition_entries import (
    GroupByDefinition,
    MeasureDefinition,
    SavedQueryDefinition,
)
from metrics_store.query.definitions.definitions import Definitions, definitions_of
from metrics_store.query.definitions.manifest_definitions import shortest
from metrics_store.query.definitions.saved_query_reader import is_visible
from metrics_store.query.definitions.visible_names import EVERYTHING

if TYPE_CHECKING:
    from metrics_store.query.planner import Planner

pytestmark = pytest.mark.xdist_group("shop")

STANDARD = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Without:
    """Everything but some names may be seen."""

    metrics: frozenset[str] = field(default_factory=frozenset)
    dimensions: frozenset[str] = field(default_factory=frozenset)

    def metric(self, name: str) -> bool:
        return name not in self.metrics

    def dimension(self, qualified_name: str) -> bool:
        return qualified_name not in self.dimensions


@pytest.fixture
def definitions(planner: Planner) -> Definitions:
    return definitions_of(planner)


def test_metrics_are_listed_by_name_without_private_ones(definitions: Definitions) -> None:
    assert [metric.name for metric in definitions.metrics()] == [
        "revenue",
        "visitors",
        "visits",
        "visits_growth",
        "visits_growth_doubled",
        "visits_per_visitor",
        "visits_to_date",
    ]
    visits = definitions.metric("visits")
    assert (visits.label, visits.description) == ("Visits", "How often people came.")
    assert visits.type == "simple"
    assert visits.unit == "visits"
    assert visits.meta["grains"] == ["month", "fiscal_year"]
    assert definitions.metric("visitors").unit is None


def test_grains_are_those_that_metricflow_and_the_metric_allow(definitions: Definitions) -> None:
    assert definitions.metric("visitors").grains == (*STANDARD, "fiscal_year")
    assert definitions.metric("visits").grains == ("month", "fiscal_year")


@pytest.mark.parametrize(
    ("metric", "required"),
    [
        ("visits", False),
        ("visits_per_visitor", False),
        ("visits_to_date", True),
        ("visits_growth", True),
        ("visits_growth_doubled", True),
    ],
)
def test_windows_and_offsets_require_metric_time(
    definitions: Definitions, metric: str, *, required: bool
) -> None:
    assert definitions.metric(metric).requires_metric_time is required


def test_dimensions_are_those_that_all_metrics_have(definitions: Definitions) -> None:
    def names(*metrics: str) -> list[str]:
        return [one.qualified_name for one in definitions.dimensions(metrics)]

    of_visits = [
        "customer__region",
        "customer__since",
        "metric_time",
        "visit__channel",
        "visit__visited_on",
    ]
    assert names("visits") == of_visits
    assert names("visits", "revenue") == ["metric_time"]
    assert names() == sorted([*of_visits, "order__ordered_on", "order__status"])


def test_a_dimension_says_all_that_is_defined_of_it(definitions: Definitions) -> None:
    found = {one.qualified_name: one for one in definitions.dimensions(["visits"])}
    region = found["customer__region"]
    assert (region.name, region.label, region.type) == ("region", "Region", "categorical")
    assert (region.description, region.expr) == ("Where they are.", "upper(region)")
    assert region.meta == {"steward": "sales"}
    assert region.grains == ()
    assert found["visit__visited_on"].is_partition
    assert not region.is_partition
    assert found["customer__since"].grains == ("month", "quarter", "year")
    assert found["metric_time"].grains == ("month", "fiscal_year")
    [shared] = definitions.dimensions(["visitors", "visits", "revenue"])
    assert shared.grains == ("month", "fiscal_year")


def test_entities_have_the_words_of_the_model_they_are_primary_in(
    definitions: Definitions,
) -> None:
    customer, visit = definitions.entities(["visits"])
    assert (customer.name, customer.type, customer.expr) == ("customer", "foreign", "customer_id")
    assert customer.description == "Who buys."
    assert visit.type == "primary"
    assert [one.name for one in definitions.entities()] == ["customer", "order", "visit"]
    assert definitions.entities(["visits", "revenue"]) == []


def test_measures_are_those_a_metric_is_made_of(definitions: Definitions) -> None:
    count = MeasureDefinition("visit_count", "sum", "visited_on", "1")
    people = MeasureDefinition("visitor_count", "count_distinct", "visited_on", "customer_id")
    assert definitions.measures(["visits"]) == [count]
    assert definitions.measures(["visits_to_date"]) == [count]
    assert definitions.measures(["visits_growth_doubled"]) == [count]
    assert definitions.measures(["visits_per_visitor"]) == [count, people]
    assert [one.name for one in definitions.measures()] == [
        "revenue",
        "visit_count",
        "visitor_count",
    ]


def test_saved_queries_say_what_they_ask(definitions: Definitions) -> None:
    of_shop, of_visits = definitions.saved_queries()
    assert of_shop.name == "revenue_by_status"
    assert of_visits.metrics == ("visits",)
    assert of_visits.group_by == (
        GroupByDefinition("metric_time", "TimeDimension", "month"),
        GroupByDefinition("metric_time", "Dimension", date_part="year"),
        GroupByDefinition("customer", "Entity"),
        GroupByDefinition("customer__region", "Dimension"),
    )
    assert [one.requested_as for one in of_visits.group_by] == [
        "metric_time__month",
        "metric_time__extract_year",
        "customer",
        "customer__region",
    ]
    assert of_visits.where_template == (
        "({{ Dimension('visit__channel') }} = 'web') AND "
        "({{ Metric('visitors', group_by=['customer']) }} > 1)"
    )
    [export] = of_visits.exports
    assert (export.alias, export.schema, export.export_as) == (
        "visits_by_region",
        "exports",
        "table",
    )
    assert of_shop.where_template is None


@pytest.mark.parametrize(
    ("group_bys", "metrics"),
    [
        (["order__status"], {"revenue"}),
        (["order"], {"revenue"}),
        (["metric_time__day", "customer__region"], {"visitors"}),
        (["metric_time__fiscal_year", "visit__channel"], {"visitors", "visits"}),
        (["customer__since__day"], set()),
        (["no_such_thing"], set()),
    ],
)
def test_metrics_are_found_by_what_they_answer_by(
    definitions: Definitions, group_bys: list[str], metrics: set[str]
) -> None:
    found = {one.name for one in definitions.metrics_for_dimensions(group_bys)}
    assert found & {"revenue", "visitors", "visits"} == metrics


def test_an_unknown_metric_is_refused_with_the_nearest(definitions: Definitions) -> None:
    with pytest.raises(MetricsStoreError) as error:
        definitions.dimensions(["visit"])
    assert "visits" in error.value.expected


def test_what_may_not_be_seen_is_as_if_not_defined(planner: Planner) -> None:
    cut = definitions_of(planner, Without(frozenset({"visitors"}), frozenset({"customer__region"})))
    assert "visitors" not in [one.name for one in cut.metrics()]
    assert "visitors" not in [one.name for one in cut.metrics_for_dimensions(["metric_time"])]
    for metrics in ([], ["visits"]):
        assert "customer__region" not in [one.qualified_name for one in cut.dimensions(metrics)]
    assert cut.metrics_for_dimensions(["customer__region"]) == []
    assert [one.name for one in cut.measures(["visits_per_visitor"])] == ["visit_count"]
    with pytest.raises(MetricsStoreError) as hidden:
        cut.metric("visitors")
    with pytest.raises(MetricsStoreError) as missing:
        cut.metric("visitorz")
    assert hidden.value.what == missing.value.what
    assert "visitors" not in hidden.value.expected


@pytest.mark.parametrize(
    "visible",
    [
        Without(metrics=frozenset({"visits"})),
        Without(metrics=frozenset({"visitors"})),
        Without(dimensions=frozenset({"customer__region"})),
        Without(dimensions=frozenset({"customer"})),
        Without(dimensions=frozenset({"visit__channel"})),
    ],
)
def test_a_saved_query_hides_with_any_name_in_it(planner: Planner, visible: Without) -> None:
    names = [one.name for one in definitions_of(planner, visible).saved_queries()]
    assert names == ["revenue_by_status"]


def test_an_entity_and_a_time_hide_too(planner: Planner) -> None:
    cut = definitions_of(planner, Without(dimensions=frozenset({"customer", "visit__visited_on"})))
    assert [one.name for one in cut.entities(["visits"])] == ["visit"]
    [measure] = cut.measures(["visits"])
    assert measure.agg_time_dimension is None


def test_a_planners_definitions_are_read_once(planner: Planner) -> None:
    assert definitions_of(planner).metric("visits") is definitions_of(planner).metric("visits")


def test_an_entity_is_listed_by_its_shortest_name() -> None:
    names = ["account", "opportunity__account", "opportunity", "stage_entry__opportunity__day"]
    assert sorted(shortest(names)) == ["account", "opportunity", "stage_entry__opportunity__day"]


def test_a_saved_query_whose_filter_is_not_understood_is_hidden() -> None:
    saved = SavedQueryDefinition("one", "", "", (), (), ("{{ nothing('at all') }}",), ())
    assert not is_visible(saved, EVERYTHING)
