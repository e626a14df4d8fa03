"""Relations, dependent views and foreign objects in PostgreSQL's system catalog."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import psycopg

TABLE, VIEW, MATERIALIZED_VIEW = "r", "v", "m"

_RELATIONS = """
select pg_class.oid::bigint, nspname, relname, relkind::text
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where nspname = any(%s) and relkind in ('r', 'p', 'f', 'v', 'm')
order by nspname, relname
"""
# A view stands on what the rule behind it reads.
_DEPENDENTS = """
select distinct dependent.oid::bigint, nspname, dependent.relname, dependent.relkind::text,
    refobjid::bigint
from pg_depend
join pg_rewrite on pg_rewrite.oid = objid
join pg_class as dependent on dependent.oid = ev_class
join pg_namespace on pg_namespace.oid = dependent.relnamespace
where
    classid = 'pg_rewrite'::regclass
    and refclassid = 'pg_class'::regclass
    and refobjid = any(%s)
    and dependent.oid != refobjid
order by 2, 3
"""
# Everything in a schema depends on it; sequences that belong to a table's column go with the table.
_MEMBERS = """
select pg_depend.classid::regclass::text, pg_depend.objid::bigint,
    pg_describe_object(pg_depend.classid, pg_depend.objid, 0), owning.refobjid::bigint
from pg_depend
join pg_namespace on pg_namespace.oid = pg_depend.refobjid
left join pg_depend as owning
    on owning.classid = pg_depend.classid
    and owning.objid = pg_depend.objid
    and owning.refclassid = 'pg_class'::regclass
    and owning.deptype in ('a', 'i')
where
    pg_depend.refclassid = 'pg_namespace'::regclass
    and pg_depend.deptype = 'n'
    and nspname = %s
order by 3
"""
_OWNED = "select nspowner = current_user::regrole from pg_namespace where nspname = %s"

# A string, a name in quotation marks, or a plain name: what a definition is made of, as far as
# names go. PostgreSQL writes definitions itself, always in the same way.
_PART = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")+"|[^\W\d][\w$]*""")


@dataclass(frozen=True)
class Relation:
    """A table or a view.

    Attributes:
        oid: PostgreSQL's number of it, which stays when its name or its schema's changes.
        schema: Its schema.
        name: Its name.
        kind: PostgreSQL's letter for what it is.
    """

    oid: int
    schema: str
    name: str
    kind: str

    @property
    def key(self) -> tuple[str, str]:
        """Schema and name."""
        return (self.schema, self.name)

    @property
    def identifier(self) -> sql.Identifier:
        """How statements name it."""
        return sql.Identifier(self.schema, self.name)

    def __str__(self) -> str:
        """Give schema and name for people."""
        return f"{self.schema}.{self.name}"


def relations_in(schemas: Collection[str], connection: psycopg.Connection) -> list[Relation]:
    """Give the tables and views of schemas."""
    return [Relation(*row) for row in connection.execute(_RELATIONS, [list(schemas)]).fetchall()]


def dependents_of(
    relations: Iterable[Relation], connection: psycopg.Connection
) -> dict[Relation, set[int]]:
    """Give the views that stand right on relations, each with the numbers of those."""
    found: dict[Relation, set[int]] = {}
    for *row, on in connection.execute(_DEPENDENTS, [[one.oid for one in relations]]).fetchall():
        found.setdefault(Relation(*row), set()).add(on)
    return found


def foreign_objects_in(
    schema: str, own_oids: Collection[int], connection: psycopg.Connection
) -> Sequence[str]:
    """Describe the objects in a schema that do not belong to the project."""
    return [
        description
        for kind, oid, description, owner in connection.execute(_MEMBERS, [schema]).fetchall()
        if not (kind == "pg_class" and (oid in own_oids or owner in own_oids))
    ]


def is_owned(schema: str, connection: psycopg.Connection) -> bool:
    """Tell whether a schema belongs to the role that the session has."""
    row = connection.execute(_OWNED, [schema]).fetchone()
    return row is not None and bool(row[0])


def view_definition(view: Relation, connection: psycopg.Connection) -> str:
    """Give the query of a view, with the schemas of all that it reads written out."""
    row = connection.execute("select pg_get_viewdef(%s::oid)", [view.oid]).fetchone()
    return str(row[0]) if row else ""


def with_schemas(
    definition: str, schemas: Mapping[str, str], known: Collection[tuple[str, str]]
) -> str:
    """Replace the schemas of the relations that a definition reads.

    Args:
        definition: As PostgreSQL writes it.
        schemas: The new schema of each that has one.
        known: Schema and name of the relations that are there.
    """
    parts = list(_PART.finditer(definition))
    for part, after in reversed(list(itertools.pairwise(parts))):
        schema, name = _plain(part[0]), _plain(after[0])
        is_qualified = definition[part.end() : after.start()] == "."
        is_first = definition[part.start() - 1 : part.start()] != "."
        if is_qualified and is_first and schema in schemas and (schema, name) in known:
            quoted = '"' + schemas[schema].replace('"', '""') + '"'
            definition = definition[: part.start()] + quoted + definition[part.end() :]
    return definition


def _plain(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part
