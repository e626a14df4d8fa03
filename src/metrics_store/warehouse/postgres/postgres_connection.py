"""Connections to a PostgreSQL warehouse, with the settings of its dbt target."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.project.profile import Target

# dbt's setting -> libpq's parameter; of two names for one thing, the one that is set counts.
_PARAMETERS = {
    "host": "host",
    "port": "port",
    "user": "user",
    "pass": "password",
    "password": "password",
    "database": "dbname",
    "dbname": "dbname",
    "sslmode": "sslmode",
    "sslcert": "sslcert",
    "sslkey": "sslkey",
    "sslrootcert": "sslrootcert",
    "keepalives_idle": "keepalives_idle",
    "connect_timeout": "connect_timeout",
}
_CONNECT_TIMEOUT_SECONDS = 10


def connection_parameters(target: Target) -> dict[str, Any]:
    """Give libpq's parameters for a target."""
    settings = target.settings
    named = {
        parameter: settings[setting]
        for setting, parameter in _PARAMETERS.items()
        if settings.get(setting) not in (None, "")
    }
    if named.get("keepalives_idle") == 0:  # dbt's word for the system's own value
        del named["keepalives_idle"]
    if settings.get("search_path"):
        escaped = str(settings["search_path"]).replace("\\", "\\\\").replace(" ", "\\ ")
        named["options"] = f"-c search_path={escaped}"
    return {
        "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
        **named,
        "application_name": "metrics",
    }


def _place(parameters: dict[str, Any]) -> str:
    named = [
        f"{key} {parameters[key]}"
        for key in ("host", "port", "dbname", "user")
        if key in parameters
    ]
    return ", ".join(named)


def prepare_session(connection: psycopg.Connection, target: Target) -> None:
    """Become the role that the target names, if it names one; the session runs in UTC."""
    role = target.settings.get("role")
    if role:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
    # Said again, because libpq lets the reader's own PGTZ and PGDATESTYLE have the last word.
    connection.execute("set timezone to 'UTC'; set datestyle to 'ISO, YMD'")
    connection.commit()


def connect(target: Target) -> psycopg.Connection:
    """Open a connection to the target's database; its session runs in UTC.

    Raises:
        MetricsStoreError: The target is not PostgreSQL, or it cannot be reached. The message names
            host, port, database and user, never the password.
    """
    if target.adapter_type != "postgres":
        raise MetricsStoreError(
            f"the target {target.name} is not a PostgreSQL database",
            expected=f"type postgres; it is {target.adapter_type}",
        )
    parameters = connection_parameters(target)
    try:
        connection = psycopg.connect(**parameters)
        prepare_session(connection, target)
    except psycopg.Error as error:
        # Without its cause: a traceback of it would show the parameters.
        raise MetricsStoreError(
            f"the target {target.name} cannot be reached: {str(error).strip()}",
            where=_place(parameters),
            remedy="check the settings of the target, and that the server runs",
        ) from None
    return connection


def try_lock(connection: psycopg.Connection, schema: str) -> bool:
    """Take the lock of a schema for as long as the session lasts, unless another one has it."""
    query = "select pg_try_advisory_lock(hashtextextended(%s, 0))"
    row = connection.execute(query, [f"metrics_store {schema}"]).fetchone()
    return row is not None and bool(row[0])


@contextmanager
def exclusive_writer(target: Target) -> Iterator[psycopg.Connection]:
    """Keep other builds and loads of the same schema out for as long as the `with` block runs.

    The lock is PostgreSQL's own (advisory, by database and schema), so that it holds between
    machines; it goes when this process ends, however it ends.

    Yields:
        The session that has the lock; it commits every statement.

    Raises:
        MetricsStoreError: Another build or load has it, or the server cannot be reached.
    """
    schema = str(target.settings.get("schema", ""))
    with connect(target) as connection:
        connection.autocommit = True
        if not try_lock(connection, schema):
            raise MetricsStoreError(
                f"another build or load is changing the schema {schema}",
                where=_place(connection_parameters(target)),
                remedy="wait until it is done and run this again",
            )
        yield connection
