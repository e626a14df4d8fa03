"""Swaps the schemas of a build with the live ones, in one transaction.

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

from metrics_store.build.postgres.build_schemas import create_like, leftover_schemas, mark_schema
from metrics_store.build.postgres.postgres_catalog import (
    TABLE,
    VIEW,
    Relation,
    dependents_of,
    foreign_objects_in,
    is_owned,
    relations_in,
    view_definition,
)
from metrics_store.build.postgres.schema_plan import previous_name
from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from metrics_store.build.postgres.schema_plan import Plan
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
_PREVIOUS = re.compile(previous_name("", "[0-9a-f]{8}"))
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
class _SwapPlan:
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
    swap_plan = _plan_swap(plan, target, connection)
    started = time.monotonic()
    with_all_readers_held = True
    readers: dict[str, float] = {}
    while True:
        try:
            with connection.transaction():
                _exchange(
                    plan, swap_plan, target, connection, with_all_readers_held=with_all_readers_held
                )
        except _BUSY:
            now = time.monotonic()
            if now - started > _PATIENT_SECONDS:
                raise _too_busy(swap_plan, target, connection) from None
            readers = {one: readers.get(one, now) for one in _readers(swap_plan, connection)}
            since = min(readers.values(), default=now)
            with_all_readers_held = now - since < _LONG_SECONDS and now - started < _POLITE_SECONDS
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _readers(swap_plan: _SwapPlan, connection: psycopg.Connection) -> list[str]:
    """Name the transactions that read what is to leave."""
    found = connection.execute(_HOLDERS, [[one.oid for one in swap_plan.leaving]]).fetchall()
    return [transaction for (transaction,) in found]


def _plan_swap(plan: Plan, target: Target, connection: psycopg.Connection) -> _SwapPlan:
    new_names: dict[str, set[str]] = {schema: set() for schema in plan.schemas}
    live_of = {name: schema for schema, name in plan.schemas.items()}
    for one in relations_in(plan.schemas.values(), connection):
        new_names[live_of[one.schema]].add(one.name)
    live = relations_in(plan.schemas, connection)
    leaving = [one for one in live if one.name in new_names[one.schema]]
    own_oids = {one.oid for one in leaving}
    shared = [schema for schema in plan.schemas if _is_shared(schema, own_oids, connection)]
    named = [schema for schema in plan.schemas if schema not in shared]
    # Views of others that an earlier build could not turn to what was live then.
    leftover = relations_in(
        [name for name in leftover_schemas(target, connection) if name not in live_of], connection
    )
    own_oids |= {one.oid for one in leftover}
    views = dependents_of([*leaving, *leftover], connection)
    return _SwapPlan(named, shared, leaving, [one for one in views if one.oid not in own_oids])


def _is_shared(schema: str, own_oids: Collection[int], connection: psycopg.Connection) -> bool:
    if connection.execute(_COMMENT, [schema]).fetchone() is None:
        return False
    foreign_objects = foreign_objects_in(schema, own_oids, connection)
    if not foreign_objects and is_owned(schema, connection):
        return False
    more = f" and {len(foreign_objects) - 1} more" if foreign_objects[1:] else ""
    why = (
        f"holds what is not the project's ({foreign_objects[0]}{more})"
        if foreign_objects
        else "is another role's"
    )
    say(f"the schema {schema} {why}: the swap waits for a moment in which nobody reads it")
    return True


def _exchange(
    plan: Plan,
    swap_plan: _SwapPlan,
    target: Target,
    connection: psycopg.Connection,
    *,
    with_all_readers_held: bool,
) -> None:
    connection.execute("set local search_path = ''")
    if with_all_readers_held:
        _lock_relations([*swap_plan.leaving, *swap_plan.redirected], connection)
    else:
        _lock_relations(
            [one for one in swap_plan.leaving if one.schema in swap_plan.shared], connection
        )
    connection.execute(f"set local lock_timeout = '{_ATTEMPT}'")
    definitions = {view: _redirection(view, connection) for view in swap_plan.redirected}
    for schema in swap_plan.named:
        _swap_schema(schema, plan, target, connection)
    for schema in swap_plan.shared:
        _move_relations(schema, plan, swap_plan.leaving, target, connection)
    for view, definition in definitions.items():
        _redirect(view, definition, connection)


def _lock_relations(relations: Sequence[Relation], connection: psycopg.Connection) -> None:
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


def _swap_schema(schema: str, plan: Plan, target: Target, connection: psycopg.Connection) -> None:
    new, previous = plan.schemas[schema], previous_name(schema, plan.token)
    rename = sql.SQL("alter schema {} rename to {}")
    comment = sql.SQL("comment on schema {} is {}")
    row = connection.execute(_COMMENT, [schema]).fetchone()
    if row is not None:
        connection.execute(rename.format(sql.Identifier(schema), sql.Identifier(previous)))
        mark_schema(previous, target, connection)
    connection.execute(rename.format(sql.Identifier(new), sql.Identifier(schema)))
    previous_comment = row[0] if row is not None else None
    connection.execute(comment.format(sql.Identifier(schema), sql.Literal(previous_comment)))


def _move_relations(
    schema: str,
    plan: Plan,
    leaving: Sequence[Relation],
    target: Target,
    connection: psycopg.Connection,
) -> None:
    new, previous = plan.schemas[schema], previous_name(schema, plan.token)
    create_like(schema, previous, target, connection)
    for one in leaving:
        if one.schema == schema:
            _set_schema(one, previous, connection)
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
    query = _PREVIOUS.sub("", view_definition(view, connection))
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


def _too_busy(
    swap_plan: _SwapPlan, target: Target, connection: psycopg.Connection
) -> MetricsStoreError:
    row = connection.execute(_READERS, [[one.oid for one in swap_plan.leaving]]).fetchone()
    return MetricsStoreError(
        f"what is live was read without a pause for {_PATIENT_SECONDS:.0f} s, so that the new "
        "build could not take its place; it is as it was",
        where=f"target {target.name}, read by {(row and row[0]) or 'others'}",
        expected="a moment in which nobody reads it, or schemas that hold only what dbt makes",
        remedy="end those readers, or move what is not the project's to schemas of its own",
    )
