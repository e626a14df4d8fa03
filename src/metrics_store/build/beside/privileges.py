"""Give what a build made the privileges that its live counterpart has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from metrics_store.build.beside.build_schemas import option, receiver
from metrics_store.build.beside.postgres_catalog import Relation, relations_in

if TYPE_CHECKING:
    import psycopg

    from metrics_store.build.beside.schema_plan import Plan

_OF_RELATION = """
select case when grantee = 0 then null else pg_get_userbyid(grantee) end, privilege_type,
    is_grantable, null::text
from pg_class, aclexplode(relacl)
where oid = %(oid)s and grantee != relowner
union all
select case when grantee = 0 then null else pg_get_userbyid(grantee) end, privilege_type,
    is_grantable, attname
from pg_class
join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
cross join aclexplode(attacl)
where pg_class.oid = %(oid)s and grantee != relowner
"""
_HAS_COLUMN = """
select 1 from pg_attribute where attrelid = %s and attname = %s and attnum > 0 and not attisdropped
"""


def carry_privileges(plan: Plan, connection: psycopg.Connection) -> None:
    """Grant on every new relation what is granted on the one whose place it takes, and no more.

    Where the project says itself who may do what (dbt's `grants`), dbt has seen to it.
    """
    live = {one.key: one for one in relations_in(plan.schemas, connection)}
    schemas = {name: schema for schema, name in plan.schemas.items()}
    said = {(schema, name) for schema, name in plan.granted}
    for new in relations_in(plan.schemas.values(), connection):
        key = (schemas[new.schema], new.name)
        if key in live and key not in said:
            _carry(live[key], new, connection)


def _carry(old: Relation, new: Relation, connection: psycopg.Connection) -> None:
    wanted = set(connection.execute(_OF_RELATION, {"oid": old.oid}).fetchall())
    has = set(connection.execute(_OF_RELATION, {"oid": new.oid}).fetchall())
    for role in {role for role, *_ in has - wanted}:
        statement = sql.SQL("revoke all on {} from {}")
        connection.execute(statement.format(new.identifier, receiver(role)))
    for role, privilege, grantable, column in sorted(wanted, key=repr):
        if column and not connection.execute(_HAS_COLUMN, [new.oid, column]).fetchone():
            continue
        what: sql.Composable = sql.SQL(privilege)
        if column:
            what = sql.SQL("{} ({})").format(what, sql.Identifier(column))
        statement = sql.SQL("grant {} on {} to {}{}")
        connection.execute(
            statement.format(what, new.identifier, receiver(role), option(grantable))
        )
