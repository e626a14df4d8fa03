"""`metrics import`: definitions out of the formats of other tools."""

from __future__ import annotations

import click

from metrics_store.cli.lazy_group import LazyGroup

# Format -> "module:attribute" of its command.
FORMATS = {"ossie": "metrics_store.cli.interchange.ossie:import_ossie"}


@click.group("import", cls=LazyGroup, lazy_commands=FORMATS)
def import_() -> None:
    """Write definitions as dbt's YAML, out of the format of another tool.

    What cannot be read is named with the reason (docs/interchange.md).
    """
