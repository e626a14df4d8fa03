"""Creates, marks, finds and drops the schemas of builds."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from metrics_store.project.profile import Target

_NAME = re.compile(r".*__(next|before)_[0-9a-f]{8}")
# Far below PostgreSQL's `deadlock_timeout`: whoever waits for a lock too long is a build.
_LOCK_TIMEOUT = "200ms"
_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.25

_MARKED = """
select nspname, obj_description(oid, 'pg_namespace')
from pg_namespace
where nspname ~ '__(next|before)_[0-9a-f]{8}$'
order by nspname
"""
_PRIVILEGES = """
select case when grantee = 0 then null else pg_get_userbyid(grantee) end, privilege_type,
    is_grantable
from pg_namespace, aclexplode(nspacl)
where nspname = %s and grantee != nspowner
"""
_DEFAULTS = """
select pg_get_userbyid(defaclrole), defaclobjtype::text,
    case when grantee = 0 then null else pg_get_userbyid(grantee) end, privilege_type, is_grantable
from pg_default_acl
join pg_namespace on pg_namespace.oid = defaclnamespace
cross join aclexplode(defaclacl)
where nspname = %s and grantee != defaclrole
"""
_KINDS = {"r": "tables", "S": "sequences", "f": "functions", "T": "types"}
# Who reads from outside what lies in these schemas, so that it cannot go.
_OUTSIDERS = """
select distinct pg_describe_object(classid, objid, 0)
from (
    select
        coalesce(ev_class, conrelid, pg_depend.objid) as objid,
        case when ev_class is null and conrelid is null then pg_depend.classid
            else 'pg_class'::regclass end as classid
    from pg_depend
    join pg_class as referenced on referenced.oid = refobjid
    join pg_namespace on pg_namespace.oid = referenced.relnamespace
    left join pg_rewrite on pg_depend.classid = 'pg_rewrite'::regclass and pg_rewrite.oid = objid
    left join pg_constraint
        on pg_depend.classid = 'pg_constraint'::regclass
        and pg_constraint.oid = objid
        and conrelid != 0
    where refclassid = 'pg_class'::regclass and deptype = 'n' and nspname = any(%(schemas)s)
) as dependent
left join pg_class on classid = 'pg_class'::regclass and pg_class.oid = objid
left join pg_proc on classid = 'pg_proc'::regclass and pg_proc.oid = objid
left join pg_namespace on pg_namespace.oid = coalesce(relnamespace, pronamespace)
where
    classid in ('pg_class'::regclass, 'pg_proc'::regclass)
    and not nspname = any(%(schemas)s)
order by 1
"""


def schema_mark(target: Target) -> str:
    """Give the comment that tells the schemas of a target's builds from those of others."""
    return f"metrics build of {target.settings.get('schema')}: goes when the next build succeeds"


def grantee(role: str | None) -> sql.Composable:
    """Give whom something is granted to, as statements name it."""
    return sql.SQL("public") if role is None else sql.Identifier(role)


def grant_option(grantable: object) -> sql.Composable:
    """Give how a grant ends."""
    return sql.SQL(" with grant option") if grantable else sql.SQL("")


def create_like(schema: str, name: str, target: Target, connection: psycopg.Connection) -> None:
    """Make a schema with the privileges and the default privileges of a live one.

    Raises:
        MetricsStoreError: The user may make no schemas.
    """
    try:
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise MetricsStoreError(
            "a build is made in schemas beside the live ones, and none can be created",
            where=f"target {target.name}: {str(error).strip()}",
            expected="the right to create schemas in the database",
            remedy="let an administrator run `grant create on database ... to ...`",
        ) from None
    mark_schema(name, target, connection)
    for statement in _privileges(schema, name, connection):
        try:
            with connection.transaction():
                connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as error:
            # Another role's default privileges, for what that role makes.
            problem = str(error).strip().splitlines()[0]
            say(f"a privilege in the schema {schema} is not carried over: {problem}")


def mark_schema(name: str, target: Target, connection: psycopg.Connection) -> None:
    """Say in a schema's comment what it is, so that a later build can clear it away."""
    comment = sql.SQL("comment on schema {} is {}")
    connection.execute(comment.format(sql.Identifier(name), sql.Literal(schema_mark(target))))


def _privileges(schema: str, name: str, connection: psycopg.Connection) -> Iterator[sql.Composed]:
    place = sql.Identifier(name)
    for role, privilege, grantable in connection.execute(_PRIVILEGES, [schema]).fetchall():
        yield sql.SQL("grant {} on schema {} to {}{}").format(
            sql.SQL(privilege), place, grantee(role), grant_option(grantable)
        )
    for owner, kind, role, privilege, grantable in connection.execute(
        _DEFAULTS, [schema]
    ).fetchall():
        yield sql.SQL(
            "alter default privileges for role {} in schema {} grant {} on {} to {}{}"
        ).format(
            sql.Identifier(owner),
            place,
            sql.SQL(privilege),
            sql.SQL(_KINDS[kind]),
            grantee(role),
            grant_option(grantable),
        )


def leftover_schemas(target: Target, connection: psycopg.Connection) -> list[str]:
    """Name the schemas that builds of this target left behind, killed ones and finished ones."""
    own_mark = schema_mark(target)
    return [
        name
        for name, comment in connection.execute(_MARKED).fetchall()
        if comment == own_mark and _NAME.fullmatch(name)
    ]


def drop_schemas(schemas: Collection[str], connection: psycopg.Connection) -> None:
    """Drop schemas that are ours with all that is in them, as soon as nobody reads them any more.

    Nobody else's goes with them: what somebody reads from outside stays. What cannot be dropped
    now is said; the next build does it.
    """
    waiting = list(schemas)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    reason = ""
    while waiting:
        if outside := _outside_dependents(waiting, connection):
            reason = f"it is read by {', '.join(outside)}: define that anew, or drop it"
            break
        try:
            with connection.transaction():
                connection.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'")
                names = sql.SQL(", ").join(map(sql.Identifier, waiting))
                connection.execute(sql.SQL("drop schema if exists {} cascade").format(names))
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            reason = "it is still read"
        else:
            return
        if time.monotonic() > deadline:
            break
        time.sleep(_PAUSE_SECONDS)
    if waiting:
        say(f"what was live before stays in {', '.join(waiting)} until a later build: {reason}")


def _outside_dependents(schemas: Collection[str], connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(_OUTSIDERS, {"schemas": list(schemas)}).fetchall()
    return [description for (description,) in rows]
