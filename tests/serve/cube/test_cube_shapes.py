"""Requests as Cube's clients send them, and answers in the shapes that they read."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from starlette.applications import Starlette

from clients.server_thread import serving
from corpus.right.seeds import ORDERS
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import LOCAL
from metrics_store.query.metric_request import MetricRequest
from metrics_store.serve.cube.routes import routes
from metrics_store.serve.cube.waiting_answers import WaitingAnswers
from metrics_store.serve.service import Service
from serve.cube.conftest import CubeServer

pytestmark = pytest.mark.xdist_group("corpus")

REVENUE, PLACED = "orders.revenue", "orders.orders_placed"
STATUS, REGION, TIME = "orders.order__status", "orders.customer__region", "orders.metric_time"
BY_MONTH = {"dimension": TIME, "granularity": "month"}


def revenue(**ends: dt.date) -> Decimal:
    first, last = ends.get("first", dt.date.min), ends.get("last", dt.date.max)
    return sum((one.amount for one in ORDERS if one.amount and first <= one.day <= last), Decimal())


def test_meta_is_what_the_tables_of_sql_are(cube: CubeServer) -> None:
    response = cube.get("meta")
    assert response.status_code == 200
    assert cube.post("meta", {}).json() == response.json()
    cubes = {one["name"]: one for one in response.json()["cubes"]}
    assert set(cubes) == {"all_metrics", "customers", "orders", "stock", "visits"}
    assert [one["type"] for one in cubes.values()].count("view") == 1
    orders = cubes["orders"]
    assert (orders["title"], orders["description"]) == ("Orders", "What is bought.")
    measures = {one["name"]: one for one in orders["measures"]}
    assert set(measures) >= {REVENUE, PLACED, "orders.paid_share"}
    assert "orders.visits" not in measures
    assert measures[REVENUE]["title"] == "Orders Revenue"
    assert measures[REVENUE]["description"] == "What orders cost together."
    assert measures[REVENUE]["type"] == measures[REVENUE]["aggType"] == "number"
    assert measures["orders.paid_share"]["format"] == "percent"
    assert measures["orders.paid_share"]["meta"]["grains"] == ["month", "quarter", "year"]
    assert measures["orders.revenue_to_date"]["cumulative"] is True
    assert [measures[one]["meta"]["adds_up"] for one in (REVENUE, "orders.buyers")] == [True, False]
    dimensions = {one["name"]: one for one in orders["dimensions"]}
    types = {name: dimensions[f"orders.{name}"]["type"] for name in (
        "customer__region", "order__quantity", "order__is_large", "metric_time", "customer",
        "customer__signed_up_on", "metric_time__market_quarter",
    )}  # fmt: skip
    assert types == {
        "customer__region": "string",
        "order__quantity": "number",
        "order__is_large": "boolean",
        "metric_time": "time",
        "customer": "number",
        "customer__signed_up_on": "time",
        "metric_time__market_quarter": "time",
    }
    assert dimensions[STATUS]["shortTitle"] == "Status"
    assert dimensions[REGION]["description"] == "Where the customer lives."
    assert dimensions[TIME]["granularities"] == [
        {"name": "market_quarter", "title": "Market Quarter"}
    ]
    assert all(one["segments"] == [] for one in cubes.values())


def test_drill_members_tell_the_rows_apart(cube: CubeServer) -> None:
    """The query that a client makes of them gives the rows behind a number."""
    loaded = cube.load(measures=["orders.revenue_paid"], dimensions=[REGION])
    annotation = loaded["annotation"]["measures"]["orders.revenue_paid"]
    grouped = annotation["drillMembersGrouped"]
    assert grouped["measures"] == ["orders.revenue_paid"]
    assert "orders.order" in grouped["dimensions"]
    assert annotation["drillMembers"] == [*grouped["dimensions"], "orders.revenue_paid"]
    filters = [
        {"member": "orders.revenue_paid", "operator": "measureFilter"},
        {"member": REGION, "operator": "equals", "values": ["south"]},
    ]
    rows = cube.rows(**grouped, filters=filters, timeDimensions=[], segments=[], timezone="UTC")
    paid = [one for one in ORDERS if one.region == "south" and one.status == "paid"]
    assert {int(row["orders.order"]) for row in rows} == {one.number for one in paid}
    refused = cube.refused(measures=[REVENUE], filters=filters)
    assert "the conditions of a metric hold for itself alone" in refused
    # What has a value at a time only has no rows by themselves.
    by_time = cube.load(measures=["orders.revenue_growth"], timeDimensions=[BY_MONTH])
    assert by_time["annotation"]["measures"]["orders.revenue_growth"]["drillMembers"] == []


def test_one_result_and_several(cube: CubeServer) -> None:
    """Clients ask by GET or POST, the query as text or as JSON, and for a list of results."""
    query = {"measures": [REVENUE], "timeDimensions": [BY_MONTH], "timezone": "UTC"}
    single = cube.get("load", query=json.dumps(query)).json()
    assert single == cube.post("load", {"query": query}).json()
    assert single == cube.post("load", {"query": json.dumps(query)}).json()
    several = cube.get("load", query=json.dumps(query), queryType="multi").json()
    assert several == cube.post("load", {"query": query, "queryType": "multi"}).json()
    assert several == cube.post("subscribe", {"query": query, "queryType": "multi"}).json()
    assert several["queryType"] == several["pivotQuery"]["queryType"] == "regularQuery"
    assert several["results"] == [single]
    assert single["query"] == {
        "measures": [REVENUE],
        "dimensions": [],
        "timeDimensions": [BY_MONTH],
        "filters": [],
        "segments": [],
        "timezone": "UTC",
        "limit": 10_000,
        "rowLimit": 10_000,
    }
    assert set(single) == {
        "query", "data", "annotation", "dataSource", "dbType", "extDbType", "external",
        "slowQuery", "total",
    }  # fmt: skip
    assert single["total"] is None


def test_rows_have_times_to_the_millisecond_and_numbers_as_texts(any_cube: CubeServer) -> None:
    rows = any_cube.rows(measures=[REVENUE, PLACED], timeDimensions=[BY_MONTH])
    months = sorted({one.day.replace(day=1) for one in ORDERS})
    assert [row[f"{TIME}.month"] for row in rows] == [f"{one}T00:00:00.000" for one in months]
    assert all(row[TIME] == row[f"{TIME}.month"] for row in rows)
    assert all(isinstance(row[one], str) for row in rows for one in (REVENUE, PLACED))
    assert sum(Decimal(row[REVENUE]) for row in rows) == revenue()
    assert sum(int(row[PLACED]) for row in rows) == len(ORDERS)
    flags = any_cube.rows(measures=[PLACED], dimensions=["orders.order__is_large"])
    assert {row["orders.order__is_large"] for row in flags} == {None, True, False}


def test_who_waits_is_told_to_ask_again(cube: CubeServer) -> None:
    """Whoever asks again gets the rows; nobody waits at all here."""
    service = Service(cube.engine, Authenticator(everybody=LOCAL))
    query = {"measures": [REVENUE], "dimensions": [STATUS], "offset": 1}
    waits = WaitingAnswers(wait_seconds=0)
    with serving(Starlette(routes=routes(service, waits))) as port:
        server = CubeServer(f"http://127.0.0.1:{port}/cubejs-api/v1", cube.engine)
        told = []
        while not told or told[-1] == {"error": "Continue wait"}:
            response = server.post("load", {"query": query})
            assert response.status_code == 200
            told.append(response.json())
        # What is no rows is waited for.
        assert "cubes" in server.get("meta").json()
    assert len(told) > 1
    assert told[-1] == cube.load(**query)
    service.queries.close()


def test_annotations(cube: CubeServer) -> None:
    found = cube.load(
        measures=["orders.paid_share"], dimensions=[STATUS], timeDimensions=[BY_MONTH]
    )["annotation"]
    assert found["measures"]["orders.paid_share"]["title"] == "Orders Paid share"
    assert found["measures"]["orders.paid_share"]["format"] == "percent"
    assert found["dimensions"] == {
        STATUS: {"title": "Orders Status", "shortTitle": "Status", "type": "string"}
    }
    assert found["segments"] == {}
    month = {"name": "month", "title": "month", "interval": "1 month"}
    assert found["timeDimensions"][f"{TIME}.month"]["granularity"] == month
    assert found["timeDimensions"][TIME]["type"] == "time"
    assert "granularity" not in found["timeDimensions"][TIME]


@pytest.mark.parametrize("form", ["compact", "columnar"])
def test_other_forms_of_rows_say_the_same(cube: CubeServer, form: str) -> None:
    query: dict[str, Any] = {
        "measures": [REVENUE], "dimensions": [STATUS], "timeDimensions": [BY_MONTH],
    }  # fmt: skip
    plain = cube.rows(**query)
    loaded = cube.load(**query, responseFormat=form)
    data = loaded["data"]
    assert loaded["query"]["responseFormat"] == form
    assert data["members"] == [STATUS, f"{TIME}.month", REVENUE]
    table = (
        data["dataset"]
        if form == "compact"
        else list(map(list, zip(*data["columns"], strict=True)))
    )
    assert table == [[row[one] for one in data["members"]] for row in plain]


def test_a_time_with_its_granularity_among_the_dimensions(cube: CubeServer) -> None:
    asked = cube.rows(measures=[REVENUE], dimensions=[f"{TIME}.month"])
    assert asked == cube.rows(measures=[REVENUE], timeDimensions=[BY_MONTH])
    own = [{"dimension": TIME, "granularity": "market_quarter"}]
    by_own = cube.rows(measures=[REVENUE], timeDimensions=own)
    column = "orders.metric_time__market_quarter"
    by_column = cube.rows(measures=[REVENUE], dimensions=[column], order={column: "asc"})
    assert [row[f"{TIME}.market_quarter"] for row in by_own] == [row[column] for row in by_column]
    # The time by itself is known by day.
    days = cube.rows(measures=[REVENUE], dimensions=[TIME], order=[[TIME, "asc"]])
    by_day = cube.rows(
        measures=[REVENUE], timeDimensions=[{"dimension": TIME, "granularity": "day"}]
    )
    assert [row[TIME] for row in days] == [row[TIME] for row in by_day]


def test_order(cube: CubeServer) -> None:
    def statuses(order: object = None) -> list[str]:
        query = {"measures": [PLACED], "dimensions": [STATUS]}
        return [
            row[STATUS] for row in cube.rows(**query, **({} if order is None else {"order": order}))
        ]

    counts = {one: sum(order.status == one for order in ORDERS) for one in set(statuses())}
    downwards = sorted(counts, key=lambda one: (-counts[one], one))
    # Cube's own: the first measure downwards where there is no time.
    assert statuses() == statuses([]) == statuses({PLACED: "desc"}) == downwards
    assert statuses({STATUS: "desc"}) == sorted(counts, reverse=True)
    assert statuses([[PLACED, "asc"], [STATUS, "asc"]]) == sorted(
        counts, key=lambda one: (counts[one], one)
    )
    by_time = [{**BY_MONTH}]
    for key in (TIME, f"{TIME}.month"):
        rows = cube.rows(measures=[PLACED], timeDimensions=by_time, order={key: "desc"})
        months = [row[TIME] for row in rows]
        assert months == sorted(months, reverse=True)
    refused = cube.refused(measures=[PLACED], dimensions=[STATUS], order={REGION: "asc"})
    assert "an answer can be ordered only by what is asked" in refused


def test_pages_and_the_total(any_cube: CubeServer) -> None:
    query = {"measures": [PLACED], "dimensions": ["orders.order"], "order": {PLACED: "desc"}}
    every = any_cube.load(**query, total=True)
    assert every["total"] == len(every["data"]) == len(ORDERS)
    pages: list[dict[str, Any]] = []
    for offset in range(0, len(ORDERS), 25):
        page = any_cube.load(**query, limit=25, offset=offset, total=True)
        assert page["total"] == len(ORDERS)
        assert page["query"]["offset"] == offset
        assert page["data"] == any_cube.rows(**query, limit=25, offset=offset)
        pages += page["data"]
    assert pages == every["data"]
    assert any_cube.rows(**query, limit=0) == []
    assert any_cube.rows(**query, offset=5_000) == []
    assert len(any_cube.rows(**query, rowLimit=7)) == 7


def test_dimensions_alone(cube: CubeServer) -> None:
    rows = cube.rows(dimensions=[REGION])
    assert [row[REGION] for row in rows] == ["east", "north", "south", None]


def test_measures_of_several_cubes_by_what_they_share(cube: CubeServer) -> None:
    rows = cube.rows(
        measures=[REVENUE, "visits.visits"], dimensions=["visits.customer__region"],
        timeDimensions=[{"dimension": TIME, "granularity": "quarter"}],
    )  # fmt: skip
    alone = cube.rows(
        measures=["all_metrics.revenue"], dimensions=["all_metrics.customer__region"],
        timeDimensions=[{"dimension": "all_metrics.metric_time", "granularity": "quarter"}],
    )  # fmt: skip
    found = {(row[TIME], row["visits.customer__region"]): row[REVENUE] for row in rows}
    for row in alone:
        key = (row["all_metrics.metric_time"], row["all_metrics.customer__region"])
        assert found[key] == row["all_metrics.revenue"]


def test_relative_ranges_count_from_the_reference_date(any_cube: CubeServer) -> None:
    for words, first, last in (
        ("last quarter", dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        ("from 90 days ago to now", dt.date(2024, 2, 15), dt.date(2024, 5, 15)),
    ):
        span = {"dimension": TIME, "dateRange": words}
        loaded = any_cube.load(measures=[REVENUE], timeDimensions=[span])
        assert Decimal(loaded["data"][0][REVENUE]) == revenue(first=first, last=last), words
        [time] = loaded["query"]["timeDimensions"]
        assert time["dateRange"] == [f"{first}T00:00:00.000", f"{last}T23:59:59.999"]
        within = {"member": TIME, "operator": "inDateRange", "values": [words]}
        assert any_cube.rows(measures=[REVENUE], filters=[within]) == loaded["data"]


def test_two_ranges_of_one_time_both_hold(cube: CubeServer) -> None:
    times = [
        {"dimension": TIME, "dateRange": ["2024-01-01", "2024-03-15"]},
        {"dimension": "orders.order__ordered_at", "dateRange": ["2024-02-10", "2024-06-30"]},
        {"dimension": TIME, "dateRange": ["2024-02-01", "2024-06-30"]},
    ]
    [row] = cube.rows(measures=[REVENUE], timeDimensions=times)
    assert Decimal(row[REVENUE]) == revenue(first=dt.date(2024, 2, 10), last=dt.date(2024, 3, 15))


def test_ranges_that_are_compared(cube: CubeServer) -> None:
    ranges = ["last quarter", ["2024-04-01", "2024-06-30"]]
    query = {
        "measures": [REVENUE],
        "timeDimensions": [{**BY_MONTH, "compareDateRange": ranges}],
    }
    refused = cube.post("load", {"query": query})
    assert refused.status_code == 400
    assert "queryType=multi" in refused.json()["error"]
    loaded = cube.post("load", {"query": query, "queryType": "multi"}).json()
    assert loaded["queryType"] == "compareDateRangeQuery"
    assert loaded["pivotQuery"]["dimensions"] == ["compareDateRange"]
    spans = [
        "2024-01-01T00:00:00.000 - 2024-03-31T23:59:59.999",
        "2024-04-01T00:00:00.000 - 2024-06-30T23:59:59.999",
    ]
    for span, result, ends in zip(spans, loaded["results"], ((1, 3, 31), (4, 6, 30)), strict=True):
        assert {row["compareDateRange"] for row in result["data"]} == {span}
        total = sum(Decimal(row[REVENUE]) for row in result["data"])
        first, last = dt.date(2024, ends[0], 1), dt.date(2024, ends[1], ends[2])
        assert total == revenue(first=first, last=last)
    twice = [{**BY_MONTH, "compareDateRange": ranges, "dateRange": "today"}]
    assert "compareDateRange stands twice" in cube.refused(measures=[REVENUE], timeDimensions=twice)


def test_several_queries_are_put_together_by_their_time(cube: CubeServer) -> None:
    orders = {"measures": [REVENUE], "timeDimensions": [BY_MONTH]}
    visits = {
        "measures": ["visits.visits"],
        "timeDimensions": [{"dimension": "visits.metric_time", "granularity": "month"}],
    }
    loaded = cube.post("load", {"query": [orders, visits], "queryType": "multi"}).json()
    assert loaded["queryType"] == "blendingQuery"
    assert loaded["pivotQuery"]["measures"] == [REVENUE, "visits.visits"]
    assert loaded["pivotQuery"]["timeDimensions"] == [{"dimension": "time", "granularity": "month"}]
    for result, time in zip(loaded["results"], (TIME, "visits.metric_time"), strict=True):
        assert all(row["time.month"] == row[f"{time}.month"] for row in result["data"])
    by_day = {
        **visits,
        "timeDimensions": [{"dimension": "visits.metric_time", "granularity": "day"}],
    }
    refused = cube.post("load", {"query": [orders, by_day], "queryType": "multi"})
    assert (refused.status_code, "put together by their time" in refused.text) == (400, True)


def test_zones_change_no_day(cube: CubeServer) -> None:
    query = {"measures": [REVENUE], "timeDimensions": [{**BY_MONTH, "dateRange": "last quarter"}]}
    loaded = cube.load(**query, timezone="America/Los_Angeles")
    assert loaded["query"]["timezone"] == "America/Los_Angeles"
    assert loaded["data"] == cube.rows(**query)
    assert "no such time zone" in cube.refused(**query, timezone="Mars/Olympus")
    assert "no such time zone" in cube.refused(**query, timezone="../../etc/passwd")


def test_sql_is_that_of_the_question(any_cube: CubeServer) -> None:
    query = {"measures": [REVENUE], "dimensions": [STATUS], "timeDimensions": [BY_MONTH]}
    found = any_cube.get("sql", query=json.dumps(query)).json()
    assert found == any_cube.post("sql", {"query": query}).json()
    [sql, parameters] = found["sql"]["sql"]
    assert "SUM(" in sql
    assert parameters == []
    assert found["sql"]["aliasNameToMember"] == {
        "order__status": STATUS,
        "metric_time__month": f"{TIME}.month",
        "revenue": REVENUE,
    }
    assert list(found["sql"]["order"].items()) == [(f"{TIME}.month", "asc"), (STATUS, "asc")]
    assert any_cube.post("sql", {"query": query, "format": "sql"}).status_code == 400


def test_dry_run(cube: CubeServer) -> None:
    query = {"measures": [REVENUE], "timeDimensions": [{**BY_MONTH, "dateRange": "last quarter"}]}
    found = cube.get("dry-run", query=json.dumps(query)).json()
    assert found["queryType"] == "regularQuery"
    [normal] = found["normalizedQueries"]
    assert normal == cube.load(**query)["query"]
    assert found["pivotQuery"] == {**normal, "queryType": "regularQuery"}
    assert found["queryOrder"] == [{f"{TIME}.month": "asc"}]
    assert found["transformedQueries"][0]["isAdditive"] is True
    wrong = cube.post(
        "dry-run", {"query": {"measures": ["orders.paid_share"], "dimensions": [f"{TIME}.day"]}}
    )
    assert (wrong.status_code, "has no meaning by day" in wrong.json()["error"]) == (400, True)


def test_what_nobody_has(cube: CubeServer) -> None:
    for query, words in (
        ({"measures": ["orders.revnue"]}, "orders has no such member"),
        ({"measures": ["oders.revenue"]}, "there is no such cube"),
        ({"measures": ["revenue"]}, "the name of a member is of another form"),
        ({"measures": [STATUS]}, "this is a dimension and no measure"),
        ({"dimensions": [REVENUE]}, "this is a measure and no dimension"),
        ({"measures": [REVENUE], "dimensions": [f"{TIME}.fortnight"]}, "there is no such grain"),
        ({"measures": [REVENUE], "dimensions": [f"{STATUS}.day"]}, "there is no such granularity"),
        ({"measures": [REVENUE], "timeDimensions": [{"dimension": STATUS}]}, "this is no time"),
        ({"measures": [REVENUE], "segments": ["orders.big"]}, "there is no such segment"),
        ({"measures": [REVENUE], "ungrouped": True}, "there are no rows without a grouping here"),
        ({"measures": [REVENUE], "limit": 50_001}, "the limit is too great"),
        ({"measures": ["orders.revenue_7_days"]}, "has a value at a time only"),
        ({"measures": ["stock.stock"], "dimensions": [REGION]}, "stock has nothing by this name"),
        ({}, "the query asks for nothing"),
        ({"timeDimensions": [{"dimension": TIME}]}, "the query asks for nothing"),
    ):
        response = cube.post("load", {"query": query})
        assert response.status_code in (400, 422), response.text
        assert words in response.json()["error"], query


def test_the_engines_own_answer_is_the_same(any_cube: CubeServer) -> None:
    """Nothing is lost on the way: the texts of numbers are those of the engine's."""
    request = MetricRequest(
        metrics=("average_order", "paid_share"), group_by=("metric_time__quarter",)
    )
    rows = any_cube.rows(
        measures=["orders.average_order", "orders.paid_share"],
        timeDimensions=[{"dimension": TIME, "granularity": "quarter"}],
    )
    table = any_cube.engine.answer(request, LOCAL).table.to_pylist()
    assert len(rows) == len(table) > 1
    for row, right in zip(rows, table, strict=True):
        for metric in request.metrics:
            kind = type(right[metric])
            assert kind(row[f"orders.{metric}"]) == right[metric]
