"""Copies live relations that dbt adds to, or does not build, into the new schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from metrics_store.build.postgres.build_schemas import create_like
from metrics_store.build.postgres.postgres_catalog import (
    MATERIALIZED_VIEW,
    TABLE,
    VIEW,
    Relation,
    dependents_of,
    relations_in,
    view_definition,
    with_schemas,
)
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from metrics_store.build.postgres.schema_plan import Plan
    from metrics_store.project.profile import Target

_TABLE = """
select relpersistence = 'u', array_to_string(reloptions, ', '), obj_description(oid, 'pg_class'),
    relrowsecurity,
    exists (select 1 from pg_trigger where tgrelid = pg_class.oid and not tgisinternal),
    exists (select 1 from pg_constraint where conrelid = pg_class.oid and contype = 'f'),
    exists (select 1 from pg_inherits where inhrelid = pg_class.oid or inhparent = pg_class.oid)
from pg_class
where oid = %s
"""
_COLUMNS = """
select attname
from pg_attribute
where attrelid = %s and attnum > 0 and not attisdropped and attgenerated = ''
order by attnum
"""
_COLUMN_COMMENTS = """
select attname, col_description(attrelid, attnum)
from pg_attribute
where attrelid = %s and attnum > 0 and not attisdropped
    and col_description(attrelid, attnum) is not null
"""
_INDEXES = "select pg_get_indexdef(indexrelid) from pg_index where indrelid = %s"
_UNCARRIED = ("row security", "triggers", "foreign keys", "inheritance or partitions")


def prepare_schemas(
    plan: Plan,
    stateful: Collection[tuple[str, str]],
    target: Target,
    connection: psycopg.Connection,
) -> None:
    """Make the new schemas, and in them copies of what dbt adds to and of what it does not build.

    Views on what dbt builds come when it is built: `add_views`.

    Args:
        plan: What is made.
        stateful: Schema and name of what dbt builds out of what is there already.
        target: The target.
        connection: A session of the target that commits every statement.

    Raises:
        MetricsStoreError: A schema cannot be made, or a table has what a copy would lack.
    """
    for schema, name in plan.schemas.items():
        create_like(schema, name, target, connection)
    live = _live(plan, connection)
    built = {(schema, name) for schema, name in plan.built}
    copied = [one for one in live if one.key in stateful or one.key not in built]
    for relation in copied:
        if relation.kind not in (VIEW, MATERIALIZED_VIEW):
            _copy_table(relation, plan, connection)
    _copy_views([one for one in copied if one.key not in built], plan, connection)


def add_views(plan: Plan, connection: psycopg.Connection) -> None:
    """Make the views that dbt did not build, on what it did.

    Raises:
        MetricsStoreError: One does not fit what it stands on any more.
    """
    live = _live(plan, connection)
    built = {(schema, name) for schema, name in plan.built}
    _copy_views([one for one in live if one.key not in built], plan, connection)
    missing = {one.key for one in live} - _new_relations(plan, connection)
    if missing:
        raise MetricsStoreError(
            "the build lacks what is live, so it does not take its place",
            where=", ".join(sorted(map(".".join, missing))),
            expected="everything that is live, built or carried over",
            remedy="build these too (`--select`), or drop them if nobody needs them",
        )


def _live(plan: Plan, connection: psycopg.Connection) -> list[Relation]:
    names = {(schema, name) for schema, name in plan.names}
    return [one for one in relations_in(plan.schemas, connection) if one.key in names]


def _new_relations(plan: Plan, connection: psycopg.Connection) -> set[tuple[str, str]]:
    live = {name: schema for schema, name in plan.schemas.items()}
    existing = relations_in(plan.schemas.values(), connection)
    return {(live[one.schema], one.name) for one in existing}


def _copy_table(table: Relation, plan: Plan, connection: psycopg.Connection) -> None:
    row = connection.execute(_TABLE, [table.oid]).fetchone()
    if row is None:
        return
    unlogged, options, comment, *uncarried = row
    lacking = [feature for feature, has in zip(_UNCARRIED, uncarried, strict=True) if has]
    if lacking or table.kind != TABLE:
        raise MetricsStoreError(
            f"the table {table} cannot be carried over to a new build",
            where=f"it has {' and '.join(lacking)}" if lacking else "it is no plain table",
            expected="a table as dbt makes them",
            remedy="take that from the table, or give it to a view in a schema of your own",
        )
    new = sql.Identifier(plan.schemas[table.schema], table.name)
    kind = sql.SQL("unlogged table" if unlogged else "table")
    storage = sql.SQL(" with ({})").format(sql.SQL(options)) if options else sql.SQL("")
    columns = [sql.Identifier(name) for (name,) in connection.execute(_COLUMNS, [table.oid])]
    column_list = sql.SQL(", ").join(columns)
    with connection.transaction():
        connection.execute(
            sql.SQL("create {} {} (like {} including all){}").format(
                kind, new, table.identifier, storage
            )
        )
        connection.execute(
            sql.SQL("insert into {} ({}) overriding system value select {} from {}").format(
                new, column_list, column_list, table.identifier
            )
        )
        if comment is not None:
            statement = sql.SQL("comment on table {} is {}")
            connection.execute(statement.format(new, sql.Literal(comment)))
    connection.execute(sql.SQL("analyze {}").format(new))


def _copy_views(views: Sequence[Relation], plan: Plan, connection: psycopg.Connection) -> None:
    """Make those views that stand on nothing that is missing, one after the other."""
    live = _live(plan, connection)
    known = {one.key for one in live}
    by_oid = {one.oid: one.key for one in live}
    reads = dependents_of(live, connection)
    waiting = [one for one in views if one.kind in (VIEW, MATERIALIZED_VIEW)]
    existing = _new_relations(plan, connection)
    waiting = [one for one in waiting if one.key not in existing]
    while ready := [
        one for one in waiting if all(by_oid[on] in existing for on in reads.get(one, ()))
    ]:
        for view in ready:
            _copy_view(view, plan, known, connection)
            existing.add(view.key)
        waiting = [one for one in waiting if one not in ready]


def _copy_view(
    view: Relation,
    plan: Plan,
    known: Collection[tuple[str, str]],
    connection: psycopg.Connection,
) -> None:
    new = sql.Identifier(plan.schemas[view.schema], view.name)
    row = connection.execute(_TABLE, [view.oid]).fetchone()
    if row is None:
        return
    _, options, comment, *_ = row
    kind = sql.SQL("view" if view.kind == VIEW else "materialized view")
    storage = sql.SQL(" with ({})").format(sql.SQL(options)) if options else sql.SQL("")
    try:
        with connection.transaction():
            connection.execute("set local search_path = ''")
            query = with_schemas(view_definition(view, connection), plan.schemas, known)
            connection.execute(
                sql.SQL("create {} {}{} as {}").format(kind, new, storage, sql.SQL(query))
            )
            if comment is not None:
                statement = sql.SQL("comment on {} {} is {}")
                connection.execute(statement.format(kind, new, sql.Literal(comment)))
            for name, text in connection.execute(_COLUMN_COMMENTS, [view.oid]).fetchall():
                column = sql.Identifier(plan.schemas[view.schema], view.name, name)
                statement = sql.SQL("comment on column {} is {}")
                connection.execute(statement.format(column, sql.Literal(text)))
            for (index,) in connection.execute(_INDEXES, [view.oid]).fetchall():
                connection.execute(sql.SQL(with_schemas(index, plan.schemas, known)))
    except psycopg.Error as error:
        raise MetricsStoreError(
            f"the view {view} does not fit what this build makes beneath it",
            where=str(error).strip().splitlines()[0],
            remedy="build it as well: `--select` with a `+` after the model it reads",
        ) from None
