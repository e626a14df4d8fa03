"""Run in the environment of dbt-sl-sdk: asks over Arrow Flight SQL, with the SDK and with ADBC."""

# ruff: noqa: ANN401 - the same calls are made to clients of two kinds

from __future__ import annotations

import asyncio
import inspect
import json
import os
from typing import TYPE_CHECKING, Any

from adbc_driver_flightsql import DatabaseOptions
from adbc_driver_flightsql.dbapi import connect
from dbtsl import OrderByGroupBy, OrderByMetric, SemanticLayerClient
from dbtsl.api.shared.query_params import GroupByParam, GroupByType
from dbtsl.asyncio import AsyncSemanticLayerClient

if TYPE_CHECKING:
    import pyarrow as pa

HOST = os.environ["SERVER"]
STATUS = GroupByParam("order__status", GroupByType.DIMENSION)
MONTH = GroupByParam("metric_time", GroupByType.TIME_DIMENSION, "MONTH")
JANUARY = "{{ TimeDimension('metric_time', 'day') }} < '2024-02-01'"
ASKED: dict[str, dict[str, Any]] = {
    "alone": {"metrics": ["revenue"]},
    "plain": {"metrics": ["revenue"], "group_by": ["metric_time__month"]},
    "objects": {
        "metrics": ["revenue"],
        "group_by": [MONTH, STATUS],
        "order_by": ["-metric_time", OrderByMetric("revenue", descending=True)],
    },
    "no_grain": {
        "metrics": ["revenue"],
        "group_by": [GroupByParam("metric_time", GroupByType.TIME_DIMENSION), STATUS],
        "order_by": [OrderByGroupBy("metric_time", None, descending=True)],
        "limit": 1,
    },
    "entity": {
        "metrics": ["revenue"],
        "group_by": [GroupByParam("order", GroupByType.ENTITY)],
        "order_by": ["-revenue"],
        "limit": 2,
    },
    "filtered": {
        "metrics": ["revenue"],
        "where": ["{{ Dimension('order__status') }} = 'paid'", JANUARY],
        "read_cache": False,
    },
    "no_rows": {
        "metrics": ["revenue"],
        "group_by": ["order__status"],
        "where": ["{{ Dimension('order__status') }} = 'it''s \u00e9 \U0001f600'"],
    },
    "saved": {
        "saved_query": "revenue_by_status",
        "order_by": [OrderByMetric("revenue", descending=True)],
        "limit": 1,
    },
    "group_by_alone": {"group_by": ["order__status"]},
}
BAD: dict[str, dict[str, Any]] = {
    "no_metric": {"metrics": ["revenu"]},
    "no_group_by": {"metrics": ["revenue"], "group_by": ["order__stat"]},
    "bad_where": {"metrics": ["revenue"], "where": ["1=1) union select 1 --"]},
    "bad_limit": {"metrics": ["revenue"], "limit": -1},
    "no_saved_query": {"saved_query": "nothing"},
    "bad_name": {"metrics": ["revenue') }} union {{ x"]},
}
VALUES = {"metrics": ["revenue"], "group_by": "order__status"}


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


def plain(table: pa.Table) -> Any:
    return json.loads(json.dumps(table.to_pylist(), default=str))


async def use(client: Any) -> dict[str, Any]:
    """Ask all that the SDK asks over Flight."""
    return {
        "query": {
            name: plain(await settled(client.query(**asked))) for name, asked in ASKED.items()
        },
        "bad_query": {
            name: await failure(lambda asked=asked: client.query(**asked))
            for name, asked in BAD.items()
        },
        "values": plain(await settled(client.dimension_values(**VALUES))),
        "values_without_metrics": plain(
            await settled(client.dimension_values(group_by="order__status"))
        ),
        "bad_values": await failure(
            lambda: client.dimension_values(metrics=["revenue"], group_by="order__stat")
        ),
    }


def adbc() -> dict[str, Any]:
    """Ask as a program that knows nothing of the SDK."""
    options = {
        DatabaseOptions.AUTHORIZATION_HEADER.value: "Bearer token-of-ana",
        f"{DatabaseOptions.RPC_CALL_HEADER_PREFIX.value}environmentid": "1",
    }
    statement = (
        "select * from {{ semantic_layer.query("
        "metrics=['revenue'], group_by=['order'], order_by=['revenue']) }}"
    )
    with (
        connect(f"grpc://{HOST}", db_kwargs=options, autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        got: dict[str, Any] = {
            "server": connection.adbc_get_info()["vendor_name"],
            "objects": connection.adbc_get_objects().read_all().to_pylist(),
            "columns_of_table": connection.adbc_get_table_schema("revenue_by_status").names,
            "table_types": connection.adbc_get_table_types(),
        }
        for _ in range(2):
            cursor.execute(statement)
            got["rows"] = len(cursor.fetchall())
        got["columns"] = [column[0] for column in cursor.description]
        got["schema"] = cursor.adbc_execute_schema(statement).names
        partitions, _ = cursor.adbc_execute_partitions(statement)
        cursor.adbc_read_partition(partitions[0])
        got["partition"] = [len(partitions), cursor.fetch_arrow_table().num_rows]
        cursor.execute("select * from {{ semantic_layer.metrics() }};")
        metrics = [row[0] for row in cursor.fetchall()]
        cursor.execute('SELECT "revenue" FROM "metrics"."metrics"."revenue_by_status" LIMIT 2')
        got |= {"metrics": metrics, "selected": [float(row[0]) for row in cursor.fetchall()]}
        got["errors"] = asyncio.run(failures(cursor))
        # What fails leaves the connection as it was.
        cursor.execute(statement)
        cursor.adbc_cancel()
    return got


async def failures(cursor: Any) -> dict[str, list[str]]:
    return {
        name: await failure(lambda statement=statement: cursor.execute(statement))
        for name, statement in {
            "sql": "select amount from orders",
            "nothing": " ",
            "around": "select count(*) from {{ semantic_layer.metrics() }}",
            "long": "{{ semantic_layer.query(metrics=['" + "x" * 3_000_000 + "']) }}",
        }.items()
    }


async def main() -> dict[str, Any]:
    """Use both clients of the SDK, with a token that is known and one that is not."""
    got: dict[str, Any] = {}
    sync = SemanticLayerClient(1, "token-of-ana", HOST)
    with sync.session():
        got["sync"] = await use(sync)
    asynchronous = AsyncSemanticLayerClient(1, "token-of-ana", HOST)
    async with asynchronous.session():
        got["async"] = await use(asynchronous)
        asked = [asynchronous.query(**ASKED["plain"]) for _ in range(20)]
        got["at once"] = [plain(one) for one in await asyncio.gather(*asked)]
    stranger = SemanticLayerClient(1, "token-of-nobody", HOST)
    with stranger.session():
        got["stranger"] = await failure(lambda: stranger.query(**ASKED["plain"]))
    return got


everything = asyncio.run(main())
everything["adbc"] = adbc()
print(json.dumps(everything))  # noqa: T201 - read by the test
