"""The context of a GraphQL request, for its resolvers."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.output.table_notices import Notice
    from metrics_store.serve.polled_queries import PolledQueries, QueryPage
    from metrics_store.serve.service import Service


@dataclass(frozen=True)
class Context:
    """One request to the GraphQL API.

    Attributes:
        service: The engine with what all interfaces share.
        principal: The principal who sent it.
        call: What the engine knows the request by.
        notices: What the client should know of answers, in the order in which fields were resolved.
        rollups: The roll-ups that queries are answered from, likewise.
        rollup_reasons: Why they, or parts of them, are not answered from others.
        rewrites: How the plans of compiled SQL were made faster, and what of them was not and why.
    """

    service: Service
    principal: Principal
    call: Call
    notices: list[Notice] = field(default_factory=list)
    rollups: list[str] = field(default_factory=list)
    rollup_reasons: list[str] = field(default_factory=list)
    rewrites: list[str] = field(default_factory=list)

    def note(self, answer: QueryPage | Call) -> None:
        """Take up what an answer says besides its rows."""
        self.notices.extend(answer.notices)
        self.rollups.extend(answer.rollups)
        self.rollup_reasons.extend(answer.rollup_reasons)

    @property
    def queries(self) -> PolledQueries:
        """The queries that clients poll."""
        return self.service.queries

    @functools.cached_property
    def definitions(self) -> Definitions:
        """What the definitions that are live now offer to the principal."""
        return self.service.engine.definitions(self.principal)
