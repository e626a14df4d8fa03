"""Views by the names that the project gives its relations, for who reads them by SQL of his own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from metrics_store.warehouse.adapters.schema_generations import SchemaGeneration
    from metrics_store.warehouse.adapters.spark_catalog import SparkCatalog


def name_plainly(live: SchemaGeneration, made: SchemaGeneration, catalog: SparkCatalog) -> None:
    """Let the plain names lead to what a build made; one after another, each in one step.

    Tables that somebody else made under these names, as a plain `dbt build` does, stay.

    Args:
        live: What was live before.
        made: What is live now.
        catalog: Where the views are.
    """
    keys = [tuple(key.split(".", 1)) for key in made.relations]
    taken = {schema: catalog.tables(schema) for schema in {schema for schema, _ in keys}}
    left = []
    for schema, name in keys:
        place = made.place(schema, name)
        if name in taken[schema]:
            left.append(f"{schema}.{name}")
        elif place == made.schemas.get(schema):
            catalog.create_schema(schema)
            catalog.replace_view(schema, name, f"select * from `{place}`.`{name}`")  # noqa: S608 - dbt's names
    for key in live.relations.keys() - made.relations.keys():
        schema, name = key.split(".", 1)
        if name in catalog.views(schema):
            catalog.drop(schema, name, is_view=True)
    if left:
        say(
            f"these tables are of another build and stay as they are: {', '.join(left[:3])}"
            + (f" and {len(left) - 3} more" if len(left) > 3 else "")  # noqa: PLR2004 - as shown
        )
