"""Errors as the statuses of gRPC, with what the caller may know and nothing else."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyarrow import flight

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG = logging.getLogger(__name__)
# Messages travel in headers, where most signs need three and clients take 8 kilobytes in all.
_LONGEST = 2_000


class _WithoutTraceback(Exception):  # noqa: N818 - its name is all that callers see of it
    """An error that pyarrow's server reports without its traceback.

    pyarrow writes the traceback of a Python error into the message to the caller; where it cannot,
    as when the error cannot be asked for its cause, it writes the name of its type.
    """

    @property
    def __cause__(self) -> None:  # type: ignore[override]
        raise AttributeError


class InvalidRequest(_WithoutTraceback, ValueError):  # noqa: N818
    """Becomes INVALID_ARGUMENT, as every ValueError does."""


class NotOffered(_WithoutTraceback, NotImplementedError):  # noqa: N818
    """Becomes UNIMPLEMENTED."""


class NotOfferedError(MetricsStoreError):
    """The protocol has it, this interface does not."""

    code = "not_offered"


# pyarrow has no status for limits; of INVALID_ARGUMENT dbt's SDK shows the message.
_STATUSES: dict[str, type[Exception]] = {
    "not_authenticated": flight.FlightUnauthenticatedError,
    "not_allowed": flight.FlightUnauthorizedError,
    "cancelled": flight.FlightCancelledError,
    "unavailable": flight.FlightUnavailableError,
    "not_offered": NotOffered,
}


@contextmanager
def as_flight_errors(request_id: str) -> Iterator[None]:
    """Turn every error into one that pyarrow's server reports clearly and safely."""
    try:
        yield
    except MetricsStoreError as error:
        status = _STATUSES.get(error.code, InvalidRequest)(_short(error.public()))
    except Exception:  # noqa: BLE001 - only the log has it
        _LOG.exception("request %s failed", request_id)
        what = f"something went wrong in the server; its log has it as request {request_id}"
        status = flight.FlightInternalError(what)
    else:
        return
    raise status


def _short(message: str) -> str:
    while len(quote(message)) > _LONGEST:
        message = message[: len(message) * 3 // 4] + "..."
    return message
