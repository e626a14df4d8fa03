"""The properties of saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.interchange.properties.property_values import chosen, filters_of, written

if TYPE_CHECKING:
    from metrics_store.interchange.properties.property_values import Properties


def saved_query_properties(node: Properties) -> Properties:
    """Give the properties of a saved query.

    Args:
        node: It as dbt's `manifest.json` has it, which knows more than the semantic manifest: its
            `config`, and exports as they are written, whatever the target makes of them.
    """
    parameters = node["query_params"]
    config = node.get("config") or {}
    return written(
        {
            **chosen(node, "name", "label", "description"),
            "query_params": written(
                {
                    **chosen(parameters, "metrics", "group_by"),
                    "where": filters_of(parameters.get("where")),
                    **chosen(parameters, "order_by", "limit"),
                }
            ),
            "exports": [_export(one) for one in node.get("exports") or ()],
            "config": chosen(config, "group", "meta", "export_as", "schema"),
            "tags": node.get("tags"),
        }
    )


def _export(given: Properties) -> Properties:
    config = given.get("unrendered_config")
    return {"name": given["name"], "config": config or chosen(given["config"], "export_as")}
