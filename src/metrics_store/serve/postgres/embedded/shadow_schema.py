"""The schema `metrics` as PostgreSQL sees it: views that say what there is, and hold nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from metrics_store.query.selects.tables.metric_tables import SCHEMA, MetricTable, short_name
from metrics_store.serve.postgres.embedded.embedded_server import DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from metrics_store.query.selects.tables.table_catalog import TableCatalog

REFUSE = "metrics_refuse"
_LIST = "metric_definitions"
_UNREADABLE = (
    "this statement cannot be read as a question to the metrics",
    "select dimensions and metrics from one table at a time; docs/sql.md says what there is",
)
# What no client needs, and could keep the server busy or fill its disk with.
_WITHHELD = (
    "pg_sleep(double precision)",
    "pg_sleep_for(interval)",
    "pg_sleep_until(timestamp with time zone)",
    "lo_creat(integer)",
    "lo_create(oid)",
    "lo_from_bytea(oid, bytea)",
    "pg_logical_emit_message(boolean, text, text, boolean)",
    "pg_logical_emit_message(boolean, text, bytea, boolean)",
    "pg_notify(text, text)",
    "pg_export_snapshot()",
    "pg_stat_reset()",
)
_CLOSED = f"""
SET allow_system_table_mods = on;
DROP SCHEMA public;
REVOKE ALL ON DATABASE {DATABASE}, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE {DATABASE} TO PUBLIC;
CREATE SCHEMA {SCHEMA};
GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC;
COMMENT ON SCHEMA {SCHEMA} IS 'Metrics by their dimensions.';
ALTER DATABASE {DATABASE} SET search_path = {SCHEMA};
ALTER DATABASE {DATABASE} SET default_transaction_read_only = on;
CREATE FUNCTION pg_catalog.{REFUSE}(state text, message text, hint text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF hint = '' THEN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message; END IF;
  RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, HINT = hint;
END $$;
"""


def create_schema(connection: psycopg.Connection, catalog: TableCatalog) -> None:
    """Make the schema of a catalog in an empty database, and close all else."""
    connection.execute(_CLOSED)
    # Who sees nothing has a table of all metrics without columns.
    tables = [table for table in catalog.tables.values() if table.listed]
    for number, table in enumerate(tables):
        connection.execute(sql.SQL("\n").join(_view(table, number)))
    _create_list(connection, catalog)
    connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO PUBLIC")
    for function in _WITHHELD:
        connection.execute(f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC")
    connection.execute("REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC")


def _view(table: MetricTable, number: int) -> Iterator[sql.Composable]:
    columns = table.listed
    typed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(column.type))
        for name, column in columns.items()
    )
    function = sql.Identifier("pg_catalog", f"metrics_rows_{number}")
    what, remedy = _UNREADABLE
    # Its columns come out of the call, so that no condition on them spares it.
    yield sql.SQL(
        "CREATE FUNCTION {}() RETURNS TABLE ({}) LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM pg_catalog.metrics_refuse('0A000', {}, {}); END $$;"
    ).format(function, typed, sql.Literal(what), sql.Literal(remedy))
    view = sql.Identifier(SCHEMA, short_name(table.name))
    yield sql.SQL("CREATE VIEW {} AS SELECT * FROM {}();").format(view, function)
    if table.description:
        yield sql.SQL("COMMENT ON VIEW {} IS {};").format(view, sql.Literal(table.description))
    for name, column in columns.items():
        if column.description:
            yield sql.SQL("COMMENT ON COLUMN {} IS {};").format(
                sql.Identifier(SCHEMA, short_name(table.name), name),
                sql.Literal(column.description),
            )


def _create_list(connection: psycopg.Connection, catalog: TableCatalog) -> None:
    name = _LIST
    while name in catalog.tables:
        name += "_"
    table = sql.Identifier(SCHEMA, name)
    connection.execute(
        sql.SQL(
            "CREATE TABLE {} (name text, label text, description text, type text, unit text, "
            "tables text[], grains text[], adds_up boolean, deprecated text)"
        ).format(table)
    )
    comment = sql.Literal("What each metric means, and which tables have it.")
    connection.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(table, comment))
    every = list(catalog.tables.values())
    for metric in catalog.metrics:
        column = next(
            one.columns[metric.name]
            for one in every
            if metric.name in one.columns and hasattr(one.columns[metric.name], "adds_up")
        )
        deprecated = metric.deprecated
        connection.execute(
            sql.SQL("INSERT INTO {} VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)").format(table),
            (
                metric.name,
                metric.label,
                metric.description,
                metric.type,
                metric.unit,
                list(catalog.subjects[metric.name]),
                list(metric.grains),
                getattr(column, "adds_up", False),
                None if deprecated is None else deprecated.replacement or "",
            ),
        )
