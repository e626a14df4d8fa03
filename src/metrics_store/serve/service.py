"""What every door of the server is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.access.authentication import Authenticator
    from metrics_store.engine.engine import Engine


@dataclass(frozen=True)
class Service:
    """The engine, and who is at the door.

    Attributes:
        engine: Answers requests.
        authenticator: Knows the callers.
    """

    engine: Engine
    authenticator: Authenticator
