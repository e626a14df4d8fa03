"""The command `metrics`: one module a subcommand, imported when it is used."""

from __future__ import annotations

import sys

import click

from metrics_store.cli.lazy_group import LazyGroup
from metrics_store.errors import MetricsStoreError
from metrics_store.version import __version__

# Subcommand -> "module:attribute".
COMMANDS = {
    "access": "metrics_store.cli.operation.access:access",
    "alerts": "metrics_store.cli.operation.alerts:alerts",
    "app": "metrics_store.cli.operation.app:app",
    "backup": "metrics_store.cli.warehouse.backup:backup",
    "build": "metrics_store.cli.warehouse.build:build",
    "catalogue": "metrics_store.cli.documents.catalogue:catalogue",
    "changelog": "metrics_store.cli.review.changelog:changelog",
    "check": "metrics_store.cli.review.check:check",
    "completion": "metrics_store.cli.requests.completion:completion",
    "cube": "metrics_store.cli.interchange.cube:cube",
    "demo": "metrics_store.cli.project.demo:demo",
    "diff": "metrics_store.cli.review.diff:diff",
    "docs": "metrics_store.cli.documents.docs:docs",
    "export": "metrics_store.cli.interchange.export:export",
    "exports": "metrics_store.cli.documents.exports:exports",
    "fields": "metrics_store.cli.documents.fields:fields",
    "golden": "metrics_store.cli.review.golden:golden",
    "group-bys": "metrics_store.cli.documents.group_bys:group_bys",
    "import": "metrics_store.cli.interchange.imports:import_",
    "init": "metrics_store.cli.project.init:init",
    "list": "metrics_store.cli.metric_lists.list:list_",
    "load": "metrics_store.cli.warehouse.load:load",
    "mcp": "metrics_store.cli.operation.mcp:mcp",
    "query": "metrics_store.cli.requests.query:query",
    "restore": "metrics_store.cli.warehouse.restore:restore",
    "rollups": "metrics_store.cli.operation.rollups:rollups",
    "serve": "metrics_store.cli.operation.serve:serve",
    "sources": "metrics_store.cli.warehouse.sources:sources",
    "token": "metrics_store.cli.operation.token:token",
    "upgrade": "metrics_store.cli.project.upgrade:upgrade",
}

# What a script can tell apart; 2 is click's own, for options that are wrong.
EXIT_CODES = {
    "not_authenticated": 3,
    "not_allowed": 3,
    "limit_exceeded": 4,
    "cancelled": 4,
    "unavailable": 5,
}


@click.group(
    cls=LazyGroup,
    lazy_commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="metrics")
def cli() -> None:
    """Load sales data, build the marts, and ask for metrics that are defined once."""


def main() -> None:
    """Run the command; a user's error ends in a clear message and an exit code, no traceback."""
    try:
        cli()
    except MetricsStoreError as error:
        click.secho("error: ", fg="red", bold=True, nl=False, err=True)
        click.echo(str(error), err=True)
        sys.exit(EXIT_CODES.get(error.code, 1))
