"""Put what a build made in the place of what is live, in one transaction.

A schema that holds nothing but what the project makes is swapped by its name: that needs no lock on
what is in it, so that who reads on for an hour does so. In a schema that holds something else too,
relations are moved, each of which nobody may be reading at that moment.

In both cases the swap first tries to hold every reader off for a blink: who has looked up half of
the names that a question has would else read the other half of the new generation. In a schema
that is swapped by its name this is given up where somebody reads for long.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from metrics_store.build.beside.build_schemas import create_like, left_over, mark
from metrics_store.build.beside.postgres_catalog import (
    TABLE,
    VIEW,
    Relation,
    definition_of,
    dependents_of,
    is_owned,
    relations_in,
    strangers_in,
)
from metrics_store.build.beside.schema_plan import before_name
from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from metrics_store.build.beside.schema_plan import Plan
    from metrics_store.project.profile import Target

# How long readers wait at most for one attempt. Well below PostgreSQL's `deadlock_timeout` of a
# second, after which it might end one of them.
_ATTEMPT = "400ms"
_PAUSE_SECONDS = 0.6
# How long to try to hold all readers off, where that can be given up, and where it cannot; and how
# long somebody has read who is not waited for.
_POLITE_SECONDS = 60.0
_LONG_SECONDS = 5.0
_PATIENT_SECONDS = 600.0
# What others' views name that were not turned to the live tables in time.
_BEFORE = re.compile(before_name("", "[0-9a-f]{8}"))
_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.UndefinedTable,  # another's view that is gone meanwhile
)

_OPTIONS = "select array_to_string(reloptions, ', ') from pg_class where oid = %s"
_NAME = """
select nspname, relname
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where pg_class.oid = %s
"""
_COMMENT = "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = %s"
_OWNER = "select quote_ident(pg_get_userbyid(relowner)) from pg_class where oid = %s"
_HOLDERS = """
select distinct virtualtransaction
from pg_locks
where relation = any(%s) and granted and pid != pg_backend_pid()
"""
_READERS = """
select string_agg(distinct 'process ' || pid || coalesce(' of ' || usename, ''), ', ')
from pg_locks
join pg_stat_activity using (pid)
where relation = any(%s) and pid != pg_backend_pid()
"""


@dataclass(frozen=True)
class _Swap:
    """What is swapped.

    Attributes:
        named: The live schemas that are swapped by their names.
        shared: Those in which relations are moved.
        leaving: The live relations whose place is taken.
        redirected: The views of others that read one of those.
    """

    named: Sequence[str]
    shared: Sequence[str]
    leaving: Sequence[Relation]
    redirected: Sequence[Relation]


def swap(plan: Plan, target: Target, connection: psycopg.Connection) -> None:
    """Make what was built live.

    Args:
        plan: What was built.
        target: The target.
        connection: The session that holds the target's lock; it commits every statement.

    Raises:
        MetricsStoreError: It cannot be done now; what is live is as it was.
    """
    swapped = _look(plan, target, connection)
    started = time.monotonic()
    polite = True
    readers: dict[str, float] = {}
    while True:
        try:
            with connection.transaction():
                _exchange(plan, swapped, target, connection, polite=polite)
        except _BUSY:
            now = time.monotonic()
            if now - started > _PATIENT_SECONDS:
                raise _too_busy(swapped, target, connection) from None
            readers = {one: readers.get(one, now) for one in _readers(swapped, connection)}
            since = min(readers.values(), default=now)
            polite = now - since < _LONG_SECONDS and now - started < _POLITE_SECONDS
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _readers(swapped: _Swap, connection: psycopg.Connection) -> list[str]:
    """Name the transactions that read what is to leave."""
    found = connection.execute(_HOLDERS, [[one.oid for one in swapped.leaving]]).fetchall()
    return [transaction for (transaction,) in found]


def _look(plan: Plan, target: Target, connection: psycopg.Connection) -> _Swap:
    made: dict[str, set[str]] = {schema: set() for schema in plan.schemas}
    live_of = {name: schema for schema, name in plan.schemas.items()}
    for one in relations_in(plan.schemas.values(), connection):
        made[live_of[one.schema]].add(one.name)
    live = relations_in(plan.schemas, connection)
    leaving = [one for one in live if one.name in made[one.schema]]
    ours = {one.oid for one in leaving}
    shared = [schema for schema in plan.schemas if _is_shared(schema, ours, connection)]
    named = [schema for schema in plan.schemas if schema not in shared]
    # Views of others that an earlier build could not turn to what was live then.
    left = relations_in(
        [name for name in left_over(target, connection) if name not in live_of], connection
    )
    ours |= {one.oid for one in left}
    views = dependents_of([*leaving, *left], connection)
    return _Swap(named, shared, leaving, [one for one in views if one.oid not in ours])


def _is_shared(schema: str, ours: Collection[int], connection: psycopg.Connection) -> bool:
    if connection.execute(_COMMENT, [schema]).fetchone() is None:
        return False
    others = strangers_in(schema, ours, connection)
    if not others and is_owned(schema, connection):
        return False
    more = f" and {len(others) - 1} more" if others[1:] else ""
    why = f"holds what is not the project's ({others[0]}{more})" if others else "is another role's"
    say(f"the schema {schema} {why}: the swap waits for a moment in which nobody reads it")
    return True


def _exchange(
    plan: Plan,
    swapped: _Swap,
    target: Target,
    connection: psycopg.Connection,
    *,
    polite: bool,
) -> None:
    connection.execute("set local search_path = ''")
    if polite:
        _hold([*swapped.leaving, *swapped.redirected], connection)
    else:
        _hold([one for one in swapped.leaving if one.schema in swapped.shared], connection)
    connection.execute(f"set local lock_timeout = '{_ATTEMPT}'")
    definitions = {view: _redirection(view, connection) for view in swapped.redirected}
    for schema in swapped.named:
        _rename(schema, plan, target, connection)
    for schema in swapped.shared:
        _move(schema, plan, swapped.leaving, target, connection)
    for view, definition in definitions.items():
        _redirect(view, definition, connection)


def _hold(relations: Sequence[Relation], connection: psycopg.Connection) -> None:
    """Wait until nobody reads the relations, and let nobody read them until the transaction ends.

    One statement, so that readers wait no longer than it may take.
    """
    if not relations:
        return
    steps = []
    for one in relations:
        name = one.identifier.as_string(connection)
        if one.kind == TABLE:
            steps.append(f"lock table only {name} in access exclusive mode;")
        else:
            # `lock table` on a view would lock what it reads, raw tables too; this changes nothing.
            owner = connection.execute(_OWNER, [one.oid]).fetchone()
            steps.append(f"alter table {name} owner to {owner[0] if owner else 'current_user'};")
    connection.execute(f"set local statement_timeout = '{_ATTEMPT}'")
    body = sql.Literal(f"begin {' '.join(steps)} end")
    try:
        with connection.transaction():
            connection.execute(sql.SQL("do {}").format(body))
    except psycopg.errors.InsufficientPrivilege:
        pass  # another's: what needs the lock below says so
    connection.execute("set local statement_timeout = 0")


def _rename(schema: str, plan: Plan, target: Target, connection: psycopg.Connection) -> None:
    new, before = plan.schemas[schema], before_name(schema, plan.token)
    rename = sql.SQL("alter schema {} rename to {}")
    comment = sql.SQL("comment on schema {} is {}")
    row = connection.execute(_COMMENT, [schema]).fetchone()
    if row is not None:
        connection.execute(rename.format(sql.Identifier(schema), sql.Identifier(before)))
        mark(before, target, connection)
    connection.execute(rename.format(sql.Identifier(new), sql.Identifier(schema)))
    said = row[0] if row is not None else None
    connection.execute(comment.format(sql.Identifier(schema), sql.Literal(said)))


def _move(
    schema: str,
    plan: Plan,
    leaving: Sequence[Relation],
    target: Target,
    connection: psycopg.Connection,
) -> None:
    new, before = plan.schemas[schema], before_name(schema, plan.token)
    create_like(schema, before, target, connection)
    for one in leaving:
        if one.schema == schema:
            _set_schema(one, before, connection)
    for one in relations_in([new], connection):
        _set_schema(one, schema, connection)
    connection.execute(sql.SQL("drop schema {}").format(sql.Identifier(new)))


def _set_schema(relation: Relation, schema: str, connection: psycopg.Connection) -> None:
    statement = sql.SQL("alter table {} set schema {}")
    connection.execute(statement.format(relation.identifier, sql.Identifier(schema)))


def _redirection(view: Relation, connection: psycopg.Connection) -> sql.Composed | None:
    """Give how a view is defined anew, written before the names change; none for what cannot be."""
    if view.kind != VIEW:
        return None
    row = connection.execute(_OPTIONS, [view.oid]).fetchone()
    options = sql.SQL(" with ({})").format(sql.SQL(row[0])) if row and row[0] else sql.SQL("")
    query = _BEFORE.sub("", definition_of(view, connection))
    return options + sql.SQL(" as ") + sql.SQL(query)


def _redirect(
    view: Relation, definition: sql.Composed | None, connection: psycopg.Connection
) -> None:
    """Let a view read what is live now; where that cannot be, it stays with what was."""
    row = connection.execute(_NAME, [view.oid]).fetchone()
    if row is None:
        return
    reason = "only plain views can be defined anew"
    if definition is not None:
        try:
            with connection.transaction():
                name = sql.Identifier(*row)
                connection.execute(sql.SQL("create or replace view {}").format(name) + definition)
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
        else:
            return
    say(f"{'.'.join(row)} goes on reading what was live before this build: {reason}")


def _too_busy(swapped: _Swap, target: Target, connection: psycopg.Connection) -> MetricsStoreError:
    row = connection.execute(_READERS, [[one.oid for one in swapped.leaving]]).fetchone()
    return MetricsStoreError(
        f"what is live was read without a pause for {_PATIENT_SECONDS:.0f} s, so that the new "
        "build could not take its place; it is as it was",
        where=f"target {target.name}, read by {(row and row[0]) or 'others'}",
        expected="a moment in which nobody reads it, or schemas that hold only what dbt makes",
        remedy="end those readers, or move what is not the project's to schemas of its own",
    )
