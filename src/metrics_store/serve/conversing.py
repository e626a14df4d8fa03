"""What every door of HTTP does with a request first: name it, and see who asks."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from metrics_store.engine.observation import ANSWERED
from metrics_store.serve.notes import CURRENT

if TYPE_CHECKING:
    from starlette.types import Scope

    from metrics_store.access.principal import Principal
    from metrics_store.serve.service import Service


def request_id_of(scope: Scope) -> str:
    """Give what a request is known by: the caller's own name for it, where that was fit."""
    given = scope.get("state", {}).get("request_id")
    return given if isinstance(given, str) else uuid.uuid4().hex


def principal_of(service: Service, scope: Scope, door: str) -> Principal:
    """Say who asks, and note it for the log.

    Raises:
        NotAuthenticatedError: Nobody known.
    """
    note = CURRENT.get()
    if note is not None:
        note.door = door
    # Of two headers a proxy may have looked at one and we at the other.
    shown = Headers(scope=scope).getlist("authorization")
    principal = service.authenticator.principal(shown[0] if len(shown) == 1 else None)
    if note is not None:
        note.principal = principal.name
    return principal


def note_outcome(outcome: str) -> None:
    """Note what came of the request under way: `ok`, where nothing else is known yet, or a code."""
    note = CURRENT.get()
    if note is not None and (note.outcome is None or outcome != ANSWERED):
        note.outcome = outcome


def note_more(**said: object) -> None:
    """Note what else the log is to say of the request under way."""
    note = CURRENT.get()
    if note is not None:
        note.more.update(said)
