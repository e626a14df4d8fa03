"""What resolvers know of the request that they resolve."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.serve.graphql.queries import Queries
    from metrics_store.serve.service import Service


@dataclass(frozen=True)
class Context:
    """One request to the GraphQL API.

    Attributes:
        service: The engine, and who is at the door.
        principal: Who is asking.
        call: What the engine knows the request by.
        warnings: What the client is to be told besides, in the order of what was resolved.
    """

    service: Service
    principal: Principal
    call: Call
    warnings: list[str] = field(default_factory=list)

    @property
    def queries(self) -> Queries:
        """The queries that clients come back for."""
        return self.service.queries

    @functools.cached_property
    def definitions(self) -> Definitions:
        """What the definitions that are live now offer to the principal."""
        return self.service.engine.definitions(self.principal)
