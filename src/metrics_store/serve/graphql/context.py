"""The context of a GraphQL request, for its resolvers."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.serve.polled_queries import PolledQueries
    from metrics_store.serve.service import Service


@dataclass(frozen=True)
class Context:
    """One request to the GraphQL API.

    Attributes:
        service: The engine with what all interfaces share.
        principal: The principal who sent it.
        call: What the engine knows the request by.
        warnings: Warnings for the client, in the order in which fields were resolved.
    """

    service: Service
    principal: Principal
    call: Call
    warnings: list[str] = field(default_factory=list)

    @property
    def queries(self) -> PolledQueries:
        """The queries that clients poll."""
        return self.service.queries

    @functools.cached_property
    def definitions(self) -> Definitions:
        """What the definitions that are live now offer to the principal."""
        return self.service.engine.definitions(self.principal)
