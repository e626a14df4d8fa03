"""Run in the environment of dbt-sl-sdk: calls all of it over GraphQL, and prints what it gets."""

# ruff: noqa: ANN401 - the same calls are made to clients of two kinds

from __future__ import annotations

import asyncio
import inspect
import json
import os
from typing import Any

import pyarrow as pa
from dbtsl import OrderByGroupBy, OrderByMetric, SemanticLayerClient
from dbtsl.api.graphql.client.asyncio import AsyncGraphQLClient
from dbtsl.api.graphql.client.sync import SyncGraphQLClient
from dbtsl.api.graphql.protocol import GraphQLProtocol
from dbtsl.api.shared.query_params import GroupByParam, GroupByType
from dbtsl.asyncio import AsyncSemanticLayerClient
from dbtsl.client.base import BaseSemanticLayerClient

HOST = os.environ["SERVER"]
URL = os.environ["DBT_SL_GRAPHQL_URL_FORMAT"]
MONTH = GroupByParam("metric_time", GroupByType.TIME_DIMENSION, "MONTH")
JANUARY = "{{ TimeDimension('metric_time', 'day') }} < '2024-02-01'"
ASKED: dict[str, dict[str, Any]] = {
    "plain": {"metrics": ["revenue"], "group_by": ["metric_time__month"]},
    "grain": {"metrics": ["revenue"], "group_by": [MONTH], "order_by": ["-metric_time"]},
    "by_metric": {
        "metrics": ["revenue"],
        "group_by": ["order__status", "metric_time__day"],
        "order_by": [
            OrderByMetric("revenue", descending=True),
            OrderByGroupBy("order__status", None),
        ],
        "limit": 2,
    },
    "filtered": {
        "metrics": ["revenue"],
        "where": ["{{ Dimension('order__status') }} = 'paid'", JANUARY],
        "read_cache": False,
    },
    "saved": {
        "saved_query": "revenue_by_status",
        "order_by": [OrderByGroupBy("metric_time", None, descending=True)],
        "limit": 1,
    },
    "paged": {"metrics": ["revenue"], "group_by": ["order__ordered_on__day", "order__status"]},
}
BAD = {
    "no_metric": {"metrics": ["revenu"]},
    "no_group_by": {"metrics": ["revenue"], "group_by": ["order__stat"]},
    "bad_where": {"metrics": ["revenue"], "where": ["1=1) union select 1 --"]},
    "no_saved_query": {"saved_query": "nothing"},
}


async def settled(value: Any) -> Any:
    """Wait for what an asynchronous client gives; a synchronous one gives it at once."""
    return await value if inspect.isawaitable(value) else value


async def failure(value: Any) -> list[str]:
    """Give the kind and the words of the error that a call ends with."""
    try:
        await settled(value())
    except Exception as error:  # noqa: BLE001 - any error is what is asked for
        return [type(error).__name__, str(error)]
    return ["nothing", ""]


def plain(thing: Any) -> Any:
    """Give anything that the client gives as JSON has it."""
    if isinstance(thing, list):
        return [plain(one) for one in thing]
    if isinstance(thing, pa.Table):
        return json.loads(json.dumps(thing.to_pylist(), default=str))
    return json.loads(json.dumps(thing.to_dict(), default=str))


async def use(client: Any) -> dict[str, Any]:
    """Call everything there is, once at least."""
    [revenue] = [one for one in await settled(client.metrics()) if one.name == "revenue"]
    before = [len(revenue.dimensions), len(revenue.measures), len(revenue.entities)]
    await settled(revenue.load_dimensions())
    await settled(revenue.load_measures())
    await settled(revenue.load_entities())
    query_id = await settled(client.create_query(**ASKED["paged"]))
    pages = [await settled(client.get_query_result(query_id=query_id, page_num=n)) for n in (1, 2)]
    cancelled = await settled(client.create_query(**ASKED["plain"]))
    return {
        "loaded_before": before,
        "loaded": plain(revenue),
        "metrics": plain(await settled(client.metrics())),
        "dimensions": plain(await settled(client.dimensions(metrics=["visits", "visitors"]))),
        "entities": plain(await settled(client.entities(metrics=["visits"]))),
        "measures": plain(await settled(client.measures(metrics=["visits_per_visitor"]))),
        "saved_queries": plain(await settled(client.saved_queries())),
        "environment_info": plain(await settled(client.environment_info())),
        "compile_sql": {
            name: await settled(client.compile_sql(**asked)) for name, asked in ASKED.items()
        },
        "query": {
            name: plain(await settled(client.query(**asked))) for name, asked in ASKED.items()
        },
        "pages": [[one.status.value, one.total_pages, plain(one.result_table)] for one in pages],
        "cancelled": await settled(client.cancel_query(query_id=cancelled)) == cancelled,
        "bad_query": {
            name: await failure(lambda asked=asked: client.query(**asked))
            for name, asked in BAD.items()
        },
        "bad_compile": {
            name: await failure(lambda asked=asked: client.compile_sql(**asked))
            for name, asked in BAD.items()
        },
        "bad_list": await failure(lambda: client.dimensions(metrics=["nothing"])),
        "bad_page": await failure(lambda: client.get_query_result(query_id=query_id, page_num=9)),
        "bad_query_id": await failure(lambda: client.cancel_query(query_id="nothing")),
    }


async def use_facade(client: Any) -> dict[str, Any]:
    """Call what both transports together offer and sends GraphQL; no Flight is needed for it."""
    query_id = await settled(client._gql.create_query(**ASKED["plain"]))
    calls: dict[str, dict[str, Any]] = {
        "metrics": {},
        "saved_queries": {},
        "environment_info": {},
        "dimensions": {"metrics": ["visits"]},
        "entities": {"metrics": ["visits"]},
        "measures": {"metrics": ["visits"]},
        "compile_sql": ASKED["plain"],
        "cancel_query": {"query_id": query_id},
    }
    return {
        name: bool(await settled(getattr(client, name)(**arguments)))
        for name, arguments in calls.items()
    }


def client(kind: Any, token: str, *, lazy: bool) -> Any:
    return kind(HOST, 1, token, URL, lazy=lazy)


async def main() -> None:
    """Use both clients in both ways."""
    got: dict[str, Any] = {
        "operations": [name for name in vars(GraphQLProtocol) if not name.startswith("_")],
        "facade": BaseSemanticLayerClient._METHOD_MAP,  # what it promises
    }
    for lazy in (False, True):
        way = "lazy" if lazy else "eager"
        sync = client(SyncGraphQLClient, "token-of-ana", lazy=lazy)
        with sync.session():
            got[f"sync {way}"] = await use(sync)
        asynchronous = client(AsyncGraphQLClient, "token-of-ana", lazy=lazy)
        async with asynchronous.session():
            got[f"async {way}"] = await use(asynchronous)
    facade = SemanticLayerClient(1, "token-of-ana", HOST)
    with facade.session():
        got["facade sync"] = await use_facade(facade)
    asynchronous = AsyncSemanticLayerClient(1, "token-of-ana", HOST)
    async with asynchronous.session():
        got["facade async"] = await use_facade(asynchronous)
    stranger = client(SyncGraphQLClient, "token-of-nobody", lazy=True)
    with stranger.session():
        got["stranger sync"] = await failure(stranger.metrics)
    stranger = client(AsyncGraphQLClient, "token-of-nobody", lazy=True)
    async with stranger.session():
        got["stranger async"] = await failure(stranger.metrics)
    print(json.dumps(got))  # noqa: T201 - read by the test


asyncio.run(main())
