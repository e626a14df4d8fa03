"""`metrics rollups`: the roll-ups that there are, that would pay, and tables that may be such."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from metrics_store.rollups.audit_reader import AskedQuestion

_audit_log = click.option(
    "--audit-log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The audit log of the server, for what is asked.",
)


@click.group(invoke_without_command=True)
@_audit_log
@target_option
@click.pass_context
def rollups(context: click.Context, *, audit_log: Path | None, target: str | None) -> None:
    """List the roll-ups: rows, questions answered and not, and whether each can be used.

    A saved query with `rollup` in its `config.meta` is a roll-up, which `metrics exports` makes a
    dbt model of. Questions that it covers are answered from it by themselves (docs/rollups.md).
    """
    if context.invoked_subcommand is not None:
        return
    from metrics_store.cli.requests.engine_session import open_session
    from metrics_store.rollups.rollup_usage import count_uses

    with open_session(target) as session:
        states = session.engine.rollups()
    if not states.tables and not states.problems:
        click.echo("there is no roll-up: `metrics rollups suggest` proposes some")
        return
    uses = count_uses((table.name for table, _ in states.tables), _questions(audit_log))
    head = ("roll-up", "rows", "hits", "misses", "state")
    lines = [
        (
            table.name,
            f"{state.rows:,}",
            str(uses[table.name].hits) if audit_log else "-",
            str(uses[table.name].misses) if audit_log else "-",
            state.problem or "in use",
        )
        for table, state in states.tables
    ]
    lines += [(name or "declaration", "-", "-", "-", reason) for name, reason in states.problems]
    widths = [max(len(line[place]) for line in (head, *lines)) for place in range(len(head) - 1)]
    for line in (head, *lines):
        cells = [
            line[place].ljust(width) if place == 0 else line[place].rjust(width)
            for place, width in enumerate(widths)
        ]
        click.echo("  ".join([*cells, line[-1]]))


@rollups.command()
@_audit_log
@click.option("--limit", type=click.IntRange(min=1), default=5, show_default=True)
@target_option
def suggest(*, audit_log: Path | None, limit: int, target: str | None) -> None:
    """Propose roll-ups for what is asked most and what saved queries ask, as YAML to paste.

    Without --audit-log only the saved queries count. Rows are counted, and a grain that has nearly
    as many as its mart is not proposed.
    """
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.metric_store import open_store
    from metrics_store.rollups.rollup_suggestions import RollupSuggester, as_yaml

    store = open_store(load_target(find_project_directory(), target))
    planner = store.planner

    def count(sql: str) -> int:
        # The planner's own SQL.
        return int(store.read(f"SELECT COUNT(*) AS rows FROM ({sql}) counted")["rows"][0].as_py())  # noqa: S608

    asked = [question.request for question in _questions(audit_log) if not question.rollups]
    asked += [MetricRequest(saved_query=saved.name) for saved in planner.manifest.saved_queries]
    text = as_yaml(RollupSuggester(planner, count).suggestions(asked)[:limit])
    click.echo(text or "nothing is asked that a roll-up could answer", nl=not text)


@rollups.command()
@click.argument("saved_query")
@click.option("--table", required=True, metavar="SCHEMA.TABLE", help="The table.")
@click.option("--grain", default="", help="The grain of its times; else that of the saved query.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=COLUMN",
    help="What the table calls a column of the roll-up; once for each that has another name.",
)
@target_option
def register(
    *, saved_query: str, table: str, grain: str, columns: tuple[str, ...], target: str | None
) -> None:
    """Check that a table of yours is the roll-up of a saved query, and print its declaration.

    Its columns have to be there, and its rows have to be those that the metrics give now.
    """
    from metrics_store.cli.requests.engine_session import open_session
    from metrics_store.errors import MetricsStoreError
    from metrics_store.rollups.registration import declaration_of, declared_yaml

    declaration = declaration_of(saved_query, grain, table, columns)
    with open_session(target) as session:
        state = session.engine.rollup_state(declaration)
    if state.problem:
        raise MetricsStoreError(
            f"{table} cannot be the roll-up {saved_query}: it {state.problem}",
            where=table,
            remedy="mend the table, or say with --column what it calls its columns",
        )
    click.echo(declared_yaml(declaration), nl=False)


def _questions(audit_log: Path | None) -> list[AskedQuestion]:
    if audit_log is None:
        return []
    from metrics_store.rollups.audit_reader import read_audit_log

    return list(read_audit_log(audit_log))
