"""What every door of the server is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.serve.graphql.queries import Queries
from metrics_store.serve.workers import Workers

if TYPE_CHECKING:
    from metrics_store.access.authentication.authenticator import Authenticator
    from metrics_store.engine.engine import Engine


@dataclass(frozen=True)
class Service:
    """The engine, and who is at the door.

    Attributes:
        engine: Answers requests.
        authenticator: Knows the callers.
        workers: The threads in which the doors of HTTP ask the engine.
        queries: The queries of GraphQL, which outlive their requests; whoever makes it closes it.
    """

    engine: Engine
    authenticator: Authenticator
    workers: Workers = field(default_factory=Workers)
    queries: Queries = field(default_factory=Queries)
