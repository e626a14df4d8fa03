"""What every door of the server is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.serve.workers import Workers

if TYPE_CHECKING:
    from metrics_store.access.authentication import Authenticator
    from metrics_store.engine.engine import Engine


@dataclass(frozen=True)
class Service:
    """The engine, and who is at the door.

    Attributes:
        engine: Answers requests.
        authenticator: Knows the callers.
        workers: The threads in which the doors of HTTP ask the engine.
    """

    engine: Engine
    authenticator: Authenticator
    workers: Workers = field(default_factory=Workers)
