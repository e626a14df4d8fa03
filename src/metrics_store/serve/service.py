"""What every interface of the server is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.serve.polled_queries import PolledQueries
from metrics_store.serve.request_threads import RequestThreads

if TYPE_CHECKING:
    from metrics_store.access.authentication.authenticator import Authenticator
    from metrics_store.engine.engine import Engine


@dataclass(frozen=True)
class Service:
    """The engine with what all interfaces share.

    Attributes:
        engine: Answers requests.
        authenticator: Authenticates callers.
        threads: The threads in which interfaces over HTTP run the engine.
        queries: The queries of GraphQL, which outlive their requests; whoever makes it closes it.
    """

    engine: Engine
    authenticator: Authenticator
    threads: RequestThreads = field(default_factory=RequestThreads)
    queries: PolledQueries = field(default_factory=PolledQueries)
