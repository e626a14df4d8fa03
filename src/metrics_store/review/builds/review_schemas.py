"""Temporary schemas in PostgreSQL, dropped at the end of a review."""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.postgres.postgres_connection import connect, exclusive_writer, try_lock
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.project.profile import Target

_PREFIX = "review_"
_NAME = re.compile(rf"({_PREFIX}[0-9a-f]{{8}})_[a-z]+")
# The comment of a schema that a review made, with the time: PostgreSQL keeps none.
_MARK = "made for a review of definitions, at "
# Long enough for any review whose connection was lost and that works on.
_ABANDONED = timedelta(hours=6)
_LOCK_TIMEOUT = "30s"

_MARKED = """
select nspname, obj_description(oid, 'pg_namespace') as mark
from pg_namespace
where starts_with(nspname, %s)
"""
_WITHIN = """
select nspname
from pg_namespace
where nspname = %(schema)s or starts_with(nspname, %(schema)s || '_')
order by length(nspname) desc, nspname
"""


@contextmanager
def schemas_of_a_review(target: Target, sides: Sequence[str]) -> Iterator[list[str]]:
    """Make a schema for each side of a review; dbt may make more that start with its name and `_`.

    However the block ends, they are dropped with all that is in them; so is what reviews left
    behind that were killed.

    Args:
        target: A target of type postgres.
        sides: What the sides are called: a few lower-case letters.

    Raises:
        MetricsStoreError: The server cannot be reached, or lets the user create no schema.
    """
    review = f"{_PREFIX}{secrets.token_hex(4)}"
    schemas = [f"{review}_{side}" for side in sides]
    locked = replace(target, settings={**target.settings, "schema": review})
    with exclusive_writer(locked):
        _drop_abandoned(target)
        try:
            _create(target, schemas)
            yield schemas
        finally:
            _drop(target, schemas)


def _create(target: Target, schemas: Sequence[str]) -> None:
    mark = f"{_MARK}{datetime.now(UTC).isoformat(timespec='seconds')}"
    try:
        with connect(target) as connection:
            for schema in schemas:
                name = sql.Identifier(schema)
                connection.execute(sql.SQL("create schema {}").format(name))
                comment = sql.SQL("comment on schema {} is {}").format(name, sql.Literal(mark))
                connection.execute(comment)
    except psycopg.errors.InsufficientPrivilege as error:
        raise MetricsStoreError(
            "both sides of a review are built in schemas of their own, and none can be created",
            where=f"target {target.name}: {str(error).strip()}",
            expected="the right to create schemas in the database",
            remedy="let an administrator run `grant create on database ... to ...`, or compare on "
            "a target of type duckdb with --target",
        ) from None
    except psycopg.Error as error:
        raise MetricsStoreError(
            "the schemas for a review cannot be created",
            where=f"target {target.name}: {str(error).strip()}",
        ) from None


def _drop_abandoned(target: Target) -> None:
    """Drop what older reviews left behind; what they still use, or others made, stays."""
    with connect(target) as connection:
        connection.autocommit = True
        for schema, mark in connection.execute(_MARKED, [_PREFIX]).fetchall():
            named = _NAME.fullmatch(schema)
            if named and _is_old(mark) and try_lock(connection, named[1]):
                _drop(target, [schema])


def _is_old(mark: str | None) -> bool:
    if mark is None or not mark.startswith(_MARK):
        return False
    try:
        made = datetime.fromisoformat(mark.removeprefix(_MARK))
        return datetime.now(UTC) - made > _ABANDONED
    except (ValueError, TypeError):
        return False


def _drop(target: Target, schemas: Sequence[str]) -> None:
    """Drop schemas, and those whose names go on; what cannot be dropped now is said."""
    for schema in schemas:
        try:
            with connect(target) as connection:
                connection.autocommit = True
                connection.execute(f"set lock_timeout = '{_LOCK_TIMEOUT}'")
                # The one with the mark goes last: what is left can still be found.
                for (name,) in connection.execute(_WITHIN, {"schema": schema}).fetchall():
                    statement = sql.SQL("drop schema if exists {} cascade")
                    connection.execute(statement.format(sql.Identifier(name)))
        except (psycopg.Error, MetricsStoreError) as error:
            reason = error.what if isinstance(error, MetricsStoreError) else str(error).strip()
            say(f"the schema {schema} cannot be dropped now: {reason}; a later review does it")
