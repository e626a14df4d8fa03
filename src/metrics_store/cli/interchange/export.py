"""`metrics export`: the definitions in the formats of other tools."""

from __future__ import annotations

import click

from metrics_store.cli.lazy_group import LazyGroup

# Format -> "module:attribute" of its command.
FORMATS: dict[str, str] = {
    "cube": "metrics_store.cli.interchange.export_cube:cube",
    "databricks": "metrics_store.cli.interchange.renderers:databricks",
    "dictionary": "metrics_store.cli.interchange.renderers:dictionary",
    "lookml": "metrics_store.cli.interchange.renderers:lookml",
    "ossie": "metrics_store.cli.interchange.ossie:export_ossie",
    "snowflake": "metrics_store.cli.interchange.renderers:snowflake",
}


@click.group(cls=LazyGroup, lazy_commands=FORMATS)
def export() -> None:
    """Write the definitions in the format of another tool.

    What a format cannot say is named with the reason; nothing is left out in silence
    (docs/interchange.md). For the dbt models of saved queries: `metrics exports`.
    """
