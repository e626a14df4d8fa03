"""Models whose own SQL changed, not only that of the models they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.relations import relation_of_sql, source_relation

if TYPE_CHECKING:
    from sqlglot import exp

    from metrics_store.review.projects.dbt_models import Model
    from metrics_store.review.projects.project_definitions import ProjectDefinitions
    from metrics_store.review.relations import Relation


@dataclass(frozen=True)
class ModelChange:
    """A model whose own SQL changed.

    Attributes:
        identity: dbt's unique id.
        name: Its name.
        file: Where it is defined.
        action: `added`, `removed` or `changed`.
        rows: Whether other rows can be in it.
        changed: Columns whose values can differ.
        removed: Columns that it no longer has.
        added: Columns that are new.
        old_sql: What dbt made of it before.
        new_sql: What dbt makes of it now.
    """

    identity: str
    name: str
    file: str
    action: str
    rows: bool = False
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    old_sql: str = ""
    new_sql: str = ""

    @property
    def can_change_values(self) -> bool:
        """Whether anything that it had before can differ now."""
        return self.rows or bool(self.changed) or bool(self.removed)


def changed_models(
    base: ProjectDefinitions, head: ProjectDefinitions, dialect: str
) -> list[ModelChange]:
    """Find the models whose own SQL changed, by name.

    Cost: SQL is read again only of models whose meaning differs.
    """
    before, after = base.models.by_identity, head.models.by_identity
    changes = []
    for identity in sorted({*before, *after}):
        old, new = before.get(identity), after.get(identity)
        if old and new:
            if old.whole == new.whole:
                continue
            upstream = any(_differ(before.get(one), after.get(one)) for one in new.reads)
            if not (upstream and _has_same_meaning(old, new, dialect)):
                changes.append(_changed(old, new))
        elif found := (old or new):
            action = "removed" if old else "added"
            changes.append(ModelChange(identity, found.name, found.file, action))
    return sorted(changes, key=lambda one: one.name)


def differing_models(base: ProjectDefinitions, head: ProjectDefinitions) -> list[str]:
    """Give the unique ids of the models in which something can differ that was there before."""
    before, after = base.models.by_identity, head.models.by_identity
    return [
        identity
        for identity, old in before.items()
        if identity in after and _changed(old, after[identity]).can_change_values
    ]


def _changed(old: Model, new: Model) -> ModelChange:
    both = [name for name in old.columns if name in new.columns]
    return ModelChange(
        identity=new.identity,
        name=new.name,
        file=new.file,
        action="changed",
        rows=old.rows != new.rows,
        changed=tuple(name for name in both if old.columns[name] != new.columns[name]),
        removed=tuple(name for name in old.columns if name not in new.columns),
        added=tuple(name for name in new.columns if name not in old.columns),
        old_sql=old.sql,
        new_sql=new.sql,
    )


def _differ(old: Model | None, new: Model | None) -> bool:
    return old is None or new is None or old.whole != new.whole


def _has_same_meaning(old: Model, new: Model, dialect: str) -> bool:
    """Whether a model's own SQL means the same, apart from what it reads."""
    if not old.sql or not new.sql or set(old.reads) != set(new.reads):
        return False
    # Reading SQL takes long, and most of what only reads other models is written as it was.
    return old.sql == new.sql or _own_relation(old, dialect) == _own_relation(new, dialect)


def _own_relation(model: Model, dialect: str) -> str:
    def by_name(table: exp.Table) -> Relation:
        return source_relation(table.name.lower())

    return relation_of_sql(model.sql, by_name, dialect).whole
