"""Time spines and the grains that they add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.definitions.definition import (
    Definition,
    Kind,
    fingerprint,
    text_field,
    value_field,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.review.definitions.semantic_scope import SemanticScope


def spine_values(scope: SemanticScope) -> list[tuple[str, str]]:
    """Give each time spine as its grain and the fingerprint of its days."""
    return sorted(
        (
            spine["primary_column"]["time_granularity"],
            fingerprint(
                scope.relation(spine["node_relation"]).rows,
                scope.expression(spine["node_relation"], spine["primary_column"]["name"]),
            ),
        )
        for spine in scope.spines
    )


def grain_values(scope: SemanticScope) -> dict[str, str]:
    """Give the fingerprint of each grain that a project adds to the standard ones."""
    return {
        grain["name"]: fingerprint(
            scope.relation(spine["node_relation"]).rows,
            scope.expression(spine["node_relation"], spine["primary_column"]["name"]),
            scope.expression(spine["node_relation"], grain.get("column_name") or grain["name"]),
        )
        for spine in scope.spines
        for grain in spine.get("custom_granularities") or ()
    }


def read_grains(scope: SemanticScope) -> Iterator[Definition]:
    """Define the grains that a project adds, and the spines that stand for the standard ones."""
    added = grain_values(scope)
    for spine in scope.spines:
        relation = spine["node_relation"]
        model = scope.model_of(relation)
        primary = spine["primary_column"]
        granularity = primary["time_granularity"]
        yield Definition(
            Kind.GRAIN,
            granularity,
            {
                "rows": value_field("rows", scope.relation(relation).rows, model, model),
                "column": value_field(
                    "column", scope.expression(relation, primary["name"]), primary["name"], model
                ),
            },
            models=(model,),
        )
        for grain in spine.get("custom_granularities") or ():
            column = grain.get("column_name") or grain["name"]
            yield Definition(
                Kind.GRAIN,
                grain["name"],
                {
                    "column": value_field(
                        "column", added[grain["name"]], f"{column} of {model}", column
                    ),
                    "label": text_field("label", grain.get("label") or ""),
                },
                models=(model,),
            )
