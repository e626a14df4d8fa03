"""Handles and tickets that contain their statement: the server keeps no state for them.

Every call is authenticated and gives what its principal may see, so there is nothing in a ticket
to guess or to steal. The number makes a ticket nameable: its answer can be cancelled.
"""

from __future__ import annotations

import secrets

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.flight.messages import new, pack

_NUMBER_BYTES = 16


def ticket_of(statement: str) -> bytes:
    """Give a new ticket for the rows of a statement."""
    handle = secrets.token_bytes(_NUMBER_BYTES) + statement.encode()
    return pack(new("TicketStatementQuery", statement_handle=handle))


def statement_of_ticket(handle: bytes) -> str:
    """Give the statement in the handle of a ticket.

    Raises:
        MetricsStoreError: It is none that this server made.
    """
    if len(handle) <= _NUMBER_BYTES:
        raise _unknown()
    return statement_of_handle(handle[_NUMBER_BYTES:])


def handle_of(statement: str) -> bytes:
    """Give the handle of a prepared statement."""
    return statement.encode()


def statement_of_handle(handle: bytes) -> str:
    """Give the statement in the handle of a prepared statement.

    Raises:
        MetricsStoreError: It is none that this server made.
    """
    try:
        return handle.decode()
    except UnicodeDecodeError:
        raise _unknown() from None


def _unknown() -> MetricsStoreError:
    return MetricsStoreError(
        "this handle is none that the server gave",
        remedy="ask again with the statement itself",
    )
