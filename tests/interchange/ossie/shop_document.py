"""A small Ossie document in which nothing is wrong."""

from __future__ import annotations

import json
from typing import Any


def expression(text: str, dialect: str = "ANSI_SQL") -> dict[str, Any]:
    return {"dialects": [{"dialect": dialect, "expression": text}]}


def extension(content: dict[str, Any], vendor: str = "METRICS_STORE") -> list[dict[str, str]]:
    return [{"vendor_name": vendor, "data": json.dumps({"metrics_store": content})}]


def shop_document() -> dict[str, Any]:
    """Give it anew, to be changed."""
    return {
        "version": "0.2.0.dev0",
        "dialects": ["ANSI_SQL"],
        "vendors": ["METRICS_STORE"],
        "semantic_model": [
            {
                "name": "shop",
                "datasets": [
                    {
                        "name": "orders",
                        "source": "shop.main.orders",
                        "primary_key": ["order_id"],
                        "fields": [
                            {
                                "name": "order_id",
                                "expression": expression("order_id"),
                                "custom_extensions": extension({"entity": {"type": "primary"}}),
                            },
                            {
                                "name": "customer",
                                "expression": expression("customer_id"),
                                "custom_extensions": extension({"entity": {"type": "foreign"}}),
                            },
                            {
                                "name": "ordered_on",
                                "expression": expression("ordered_on"),
                                "dimension": {"is_time": True},
                                "custom_extensions": extension(
                                    {
                                        "dimension": {
                                            "type": "time",
                                            "type_params": {"time_granularity": "day"},
                                        }
                                    }
                                ),
                            },
                            {
                                "name": "amount",
                                "expression": expression("amount"),
                                "custom_extensions": extension({"measure": {"agg": "sum"}}),
                            },
                        ],
                        "custom_extensions": extension(
                            {
                                "semantic_model": {
                                    "model": "ref('orders')",
                                    "defaults": {"agg_time_dimension": "ordered_on"},
                                }
                            }
                        ),
                    },
                    {
                        "name": "customers",
                        "source": "shop.main.customers",
                        "primary_key": ["customer_id"],
                        "unique_keys": [["email"]],
                        "fields": [
                            {
                                "name": "customer",
                                "expression": expression("customer_id"),
                                "custom_extensions": extension({"entity": {"type": "primary"}}),
                            },
                            {
                                "name": "country",
                                "expression": expression("country"),
                                "custom_extensions": extension(
                                    {"dimension": {"type": "categorical"}}
                                ),
                            },
                        ],
                        "custom_extensions": extension(
                            {"semantic_model": {"model": "ref('customers')"}}
                        ),
                    },
                ],
                "relationships": [
                    {
                        "name": "orders__customer__customers",
                        "from": "orders",
                        "to": "customers",
                        "from_columns": ["customer_id"],
                        "to_columns": ["customer_id"],
                    }
                ],
                "metrics": [
                    {
                        "name": "revenue",
                        "expression": expression("SUM(orders.amount)"),
                        "custom_extensions": extension(
                            {
                                "metric": {
                                    "type": "simple",
                                    "type_params": {"measure": {"name": "amount"}},
                                    "label": "Revenue",
                                }
                            }
                        ),
                    }
                ],
                "custom_extensions": extension({"project": "shop"}),
            }
        ],
    }
