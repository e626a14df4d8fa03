"""Asks metrics by two of Cube's Python clients; prints JSON."""

import json
import os
from typing import Any

import cube_http
from cubejs_client import RequestError, cube, dim, measure

API, TOKEN = os.environ["API"], os.environ["TOKEN"]
MONTH = {"dimension": "orders.metric_time", "granularity": "month"}


def by_cubejs_client() -> dict[str, Any]:
    client = cube(TOKEN, api_url=API)
    months = client.load(
        {
            "measures": ["orders.revenue"],
            "timeDimensions": [{**MONTH, "dateRange": ["2024-01-01", "2024-06-30"]}],
        }
    )
    either = dim("orders.customer__region").is_not_set() | dim("orders.order__status").is_in("paid")
    filtered = client.load(
        {
            "measures": ["orders.orders_placed"],
            "dimensions": ["orders.order"],
            "filters": [dict(either), dict(measure("orders.orders_placed") >= 1)],
            "limit": 1000,
        }
    )
    compared = client.load(
        {
            "measures": ["orders.revenue"],
            "timeDimensions": [
                {
                    **MONTH,
                    "compareDateRange": [
                        ["2024-01-01", "2024-03-31"],
                        ["2024-04-01", "2024-06-30"],
                    ],
                }
            ],
        }
    )
    frame = months.to_pandas()
    try:
        client.load({"measures": ["orders.revnue"]})
    except RequestError as error:
        refused = [str(error), error.status]
    return {
        "cubes": [one["name"] for one in client.meta().cubes],
        "chart": months.chart_pivot(),
        "frame": json.loads(frame.to_json(orient="split", date_format="iso")),
        "filtered": filtered.raw_data(),
        "compared": compared.chart_pivot(),
        "sql": client.sql({"measures": ["orders.revenue"]}).sql(),
        "dry_run": client.dry_run({"measures": ["orders.revenue"]}),
        "refused": refused,
    }


def by_cube_http_client() -> dict[str, Any]:
    client = cube_http.Client({"url": API.removesuffix("/v1"), "token": TOKEN})
    meta = client.v1.meta()
    loaded = client.v1.load(
        {
            "query": {
                "measures": ["orders.revenue"],
                "dimensions": ["orders.order__status"],
                "timeDimensions": [{"dimension": "orders.metric_time", "dateRange": "2024-Q1"}],
            }
        }
    )
    sql = client.v1.sql({"query": {"measures": ["orders.revenue"]}})
    try:
        client.v1.load({"query": {"measures": ["orders.revnue"]}})
    except Exception as error:  # noqa: BLE001 - whatever the client makes of it
        refused = f"{type(error).__name__}: {error}"
    return {
        "cubes": {one.name: len(one.measures) for one in meta.cubes or ()},
        "rows": loaded.results[0].data,
        "annotation": loaded.results[0].annotation.measures,
        "sql": sql.sql.sql[0],
        "refused": refused,
    }


found = {"cubejs": by_cubejs_client(), "cube_http": by_cube_http_client()}
print(json.dumps(found, default=str))  # noqa: T201 - read by the test
