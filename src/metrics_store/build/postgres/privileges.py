"""Copies privileges from live relations to the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from metrics_store.build.postgres.build_schemas import grant_option, grantee
from metrics_store.build.postgres.postgres_catalog import Relation, relations_in

if TYPE_CHECKING:
    import psycopg

    from metrics_store.build.postgres.schema_plan import Plan

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


def copy_privileges(plan: Plan, connection: psycopg.Connection) -> None:
    """Grant on every new relation what is granted on the one whose place it takes, and no more.

    Where the project says itself who may do what (dbt's `grants`), dbt has seen to it.
    """
    live = {one.key: one for one in relations_in(plan.schemas, connection)}
    schemas = {name: schema for schema, name in plan.schemas.items()}
    set_by_project = {(schema, name) for schema, name in plan.granted}
    for new in relations_in(plan.schemas.values(), connection):
        key = (schemas[new.schema], new.name)
        if key in live and key not in set_by_project:
            _copy_privileges(live[key], new, connection)


def _copy_privileges(old: Relation, new: Relation, connection: psycopg.Connection) -> None:
    wanted = set(connection.execute(_OF_RELATION, {"oid": old.oid}).fetchall())
    has = set(connection.execute(_OF_RELATION, {"oid": new.oid}).fetchall())
    for role in {role for role, *_ in has - wanted}:
        statement = sql.SQL("revoke all on {} from {}")
        connection.execute(statement.format(new.identifier, grantee(role)))
    for role, privilege, grantable, column in sorted(wanted, key=repr):
        if column and not connection.execute(_HAS_COLUMN, [new.oid, column]).fetchone():
            continue
        privilege_sql: sql.Composable = sql.SQL(privilege)
        if column:
            privilege_sql = sql.SQL("{} ({})").format(privilege_sql, sql.Identifier(column))
        statement = sql.SQL("grant {} on {} to {}{}")
        connection.execute(
            statement.format(privilege_sql, new.identifier, grantee(role), grant_option(grantable))
        )
