"""The option `--target`, which several commands share."""

from __future__ import annotations

import click

target_option = click.option(
    "--target",
    metavar="NAME",
    help="Target of the dbt profile; by default the profile's own (METRICS_STORE_TARGET, duckdb).",
)
