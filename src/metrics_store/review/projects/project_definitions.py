"""All definitions of one revision of a project."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from metrics_store.review.definitions.definition import Definition, Kind

# Types are needed when it runs: pydantic reads and writes the definitions by them.
from metrics_store.review.projects.consumers import Consumer  # noqa: TC001
from metrics_store.review.projects.dbt_models import Models


@dataclass(frozen=True)
class ProjectDefinitions:
    """All definitions of a project, with its models and consumers.

    Attributes:
        definitions: Each definition by its identity.
        models: The models beneath.
        consumers: Who reads the numbers.
        is_empty: Whether there is no dbt project.
    """

    definitions: dict[str, Definition] = field(default_factory=dict)
    models: Models = field(default_factory=Models)
    consumers: tuple[Consumer, ...] = ()
    is_empty: bool = False

    def of_kind(self, kind: Kind) -> dict[str, Definition]:
        """Give the definitions of a kind by name."""
        return {one.name: one for one in self.definitions.values() if one.kind is kind}

    @functools.cached_property
    def metrics(self) -> dict[str, Definition]:
        """Each metric by name."""
        return self.of_kind(Kind.METRIC)

    @functools.cached_property
    def saved_queries(self) -> dict[str, Definition]:
        """Each saved query by name."""
        return self.of_kind(Kind.SAVED_QUERY)

    def upstream_models(self, definition: Definition) -> set[str]:
        """Give the unique ids of all models that a definition reads, directly or not."""
        direct: set[str] = set()
        waiting, visited = [definition], set()
        while waiting:
            one = waiting.pop()
            if one.identity in visited:
                continue
            visited.add(one.identity)
            direct.update(one.models)
            waiting += [self.definitions[used] for used in one.uses if used in self.definitions]
        return {model.identity for model in self.models.upstream(direct)}
