from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.calls.semantic_calls import ListCall, Listing, QueryCall, ValuesCall
from metrics_store.query.calls.statement_parser import parse_statement
from metrics_store.query.filters.filter_tree import All, Comparison, Kind, Name, Operator
from metrics_store.query.metric_request import MetricRequest
from query.calls.hostile import HOSTILE


def query(arguments: str) -> MetricRequest:
    call = parse_statement("{{ semantic_layer.query(" + arguments + ") }}")
    assert isinstance(call, QueryCall)
    return call.request


@pytest.mark.parametrize(
    "statement",
    [
        "{{ semantic_layer.query(metrics=['revenue']) }}",
        "{{semantic_layer.query(metrics=['revenue'])}}",
        '{{ semantic_layer.query(metrics="revenue") }}',
        "{{ semantic_layer.query(metrics=('revenue',),) }}",
        "{{ semantic_layer . query (\n\tmetrics = ['revenue'],\n)\n}}",
        "select * from {{ semantic_layer.query(metrics=['revenue']) }}",
        "SELECT*FROM {{ semantic_layer.query(metrics=['revenue']) }};",
        "\n select * from (\n {{ semantic_layer.query(metrics=['revenue']) }} ) as x ; ",
        'select * from (select * from {{ semantic_layer.query(metrics=["revenue"]) }} a) "B c"',
        "({{ semantic_layer.query(metrics=['revenue']) }})",
        "{{ semantic_layer.query(metrics=[Metric('revenue')], limit=None, where=none) }}",
        "{{ semantic_layer.query(metrics=[Metric(name='revenue')], read_cache=false) }}",
    ],
)
def test_a_call_stands_alone_or_in_a_plain_select(statement: str) -> None:
    assert parse_statement(statement) == QueryCall(MetricRequest(metrics=["revenue"]))


def test_the_statement_that_dbts_own_sdk_writes() -> None:
    asked = query(
        'group_by=[TimeDimension("metric_time", "month"),Dimension("order__status"),Entity("order")'
        '],limit=3,metrics=["revenue"],order_by=[Metric("revenue").descending(True),Dimension('
        '"metric_time").grain("month")],read_cache=True,where=["{{ Dimension(\'order__status\') }} '
        "= 'paid'\",\"order__status = '\\u00e9\\ud83d\\ude00 \\\"'\"]"
    )
    status = Name("order__status", Kind.DIMENSION)
    assert asked == MetricRequest(
        metrics=["revenue"],
        group_by=["metric_time__month", "order__status", "order"],
        order_by=["-revenue", "metric_time__month"],
        limit=3,
        where=All(
            (
                Comparison(status, Operator.EQUAL, "paid"),
                Comparison(Name("order__status"), Operator.EQUAL, 'é😀 "'),
            )
        ),
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("'metric_time'", "metric_time"),
        ("'metric_time__month'", "metric_time__month"),
        ("Dimension('order__status')", "order__status"),
        ("Dimension('metric_time').grain('MONTH')", "metric_time__month"),
        ("TimeDimension('metric_time')", "metric_time"),
        ("TimeDimension('metric_time', 'MONTH')", "metric_time__month"),
        # What the SDK writes for a time dimension without a grain.
        ('TimeDimension("metric_time", "None")', "metric_time"),
        ("Dimension('metric_time').date_part('month')", "metric_time__extract_month"),
        ("TimeDimension('metric_time', date_part_name='dow')", "metric_time__extract_dow"),
        ("Dimension('status', entity_path=['order'])", "order__status"),
        ("Entity('order')", "order"),
    ],
)
def test_ways_to_write_a_group_by(written: str, name: str) -> None:
    assert query(f"group_by=[{written}]").group_by == (name,)
    assert query(f"group_by={written}").group_by == (name,)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("'revenue'", "revenue"),
        ("'-revenue'", "-revenue"),
        ("'+revenue'", "revenue"),
        # What an alias or a time without its grain stands for, the planner's check says.
        ("'turnover'", "turnover"),
        ("Metric('revenue')", "revenue"),
        ("Metric('revenue').descending(True)", "-revenue"),
        ("Metric('revenue').descending(False)", "revenue"),
        ("'-order__status'", "-order__status"),
        ("Dimension('order__status').descending(true)", "-order__status"),
        ("Entity('order').descending(True)", "-order"),
        ("TimeDimension('metric_time', 'month').descending(True)", "-metric_time__month"),
        ("Dimension('metric_time').descending(True).grain('month')", "-metric_time__month"),
        ("'-metric_time'", "-metric_time"),
        ("Dimension('metric_time')", "metric_time"),
        ("Entity('order').descending(False)", "order"),
    ],
)
def test_ways_to_write_an_order(written: str, name: str) -> None:
    asked = query(
        "metrics=[Metric('revenue', alias='turnover')], "
        f"group_by=['metric_time__month', 'order__status'], order_by=[{written}]"
    )
    assert asked.order_by == (name,)
    assert asked.aliases == (("revenue", "turnover"),)


def test_a_time_asked_by_two_grains_is_ordered_as_it_is_written() -> None:
    asked = query("group_by=['metric_time__month', 'metric_time__year'], order_by=['metric_time']")
    assert asked.order_by == ("metric_time",)


@pytest.mark.parametrize("written", ["compile=True", "explain=True", "compile=true"])
def test_the_sql_is_asked_for(written: str) -> None:
    call = parse_statement("{{ semantic_layer.query(saved_query='a', limit=0, " + written + ") }}")
    assert call == QueryCall(MetricRequest(saved_query="a", limit=0), compiled=True)


@pytest.mark.parametrize("written", ["'order__status'", "['order__status']", "[Entity('order')]"])
def test_the_values_of_a_dimension(written: str) -> None:
    call = parse_statement(
        "{{ semantic_layer.dimension_values(metrics=['revenue'], group_by=" + written + ") }}"
    )
    name = "order" if "Entity" in written else "order__status"
    assert call == ValuesCall(MetricRequest(["revenue"], [name]))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("metrics()", ListCall(Listing.METRICS)),
        ("metrics(search='rev')", ListCall(Listing.METRICS, search="rev")),
        (
            "metrics(page_size=10, page_number=5)",
            ListCall(Listing.METRICS, page_size=10, page_number=5),
        ),
        ("dimensions(metrics=[])", ListCall(Listing.DIMENSIONS)),
        ("dimensions(metrics=['a', 'b'])", ListCall(Listing.DIMENSIONS, ("a", "b"))),
        ("measures(metrics=['a'])", ListCall(Listing.MEASURES, ("a",))),
        ("entities()", ListCall(Listing.ENTITIES)),
        ("saved_queries()", ListCall(Listing.SAVED_QUERIES)),
        (
            "queryable_granularities(metrics=['a'])",
            ListCall(Listing.QUERYABLE_GRANULARITIES, ("a",)),
        ),
        (
            "metrics_for_dimensions(group_by=['order__status', TimeDimension('x', 'day')])",
            ListCall(Listing.METRICS_FOR_DIMENSIONS, group_by=("order__status", "x__day")),
        ),
    ],
)
def test_lists_of_the_definitions(written: str, expected: ListCall) -> None:
    assert parse_statement("{{ semantic_layer." + written + " }}") == expected


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE.keys())
def test_everything_else_is_refused(statement: str) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        parse_statement(statement)
    assert refused.value.what
    assert refused.value.where or refused.value.expected
    assert len(str(refused.value)) < 1_000


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("values {{ semantic_layer.metrics() }}", "character 1: values"),
        ("{{ semantic_layer.metrics() }} limit 3", "character 32: limit 3"),
        ("{{ semantic_layer.metrix() }}", "semantic_layer.metrix()"),
        ("{{ semantic_layer.query(metrix=['a']) }}", "metrix=['a']"),
        ("{{ semantic_layer.query(metrics=[1 + 1]) }}", "character 36: + 1"),
        ("{{ semantic_layer.query(group_by=[Table('a')]) }}", "Table('a')"),
    ],
)
def test_a_refusal_says_where(statement: str, words: str) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        parse_statement(statement)
    assert words in refused.value.where
    assert refused.value.expected


@pytest.mark.parametrize(
    "argument", ["[" * 11 + "]" * 11, "[" + "'a'," * 5_001 + "]"], ids=["deep", "long"]
)
def test_a_call_is_measured_before_it_is_parsed(argument: str) -> None:
    with pytest.raises(MetricsStoreError, match="nested too deeply or too long"):
        parse_statement("{{ semantic_layer.query(metrics=" + argument + ") }}")
