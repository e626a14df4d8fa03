"""What goes wrong, as the statuses of gRPC: with what the caller may know and nothing else."""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import quote

from pyarrow import flight

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)
# Messages travel in headers, twice, with most signs as three; clients take 8 or 16 kilobytes.
_LONGEST = 2_000

Given = ParamSpec("Given")
Result = TypeVar("Result")


class _WithoutTraceback(Exception):  # noqa: N818 - its name is all that callers see of it
    """An error that pyarrow's server tells without its traceback.

    pyarrow writes out the traceback of an error of Python into the message to the caller; where it
    cannot, as with an error whose cause cannot be asked for, it writes the name of its type.
    """

    @property
    def __cause__(self) -> None:  # type: ignore[override]
        raise AttributeError

    @__cause__.setter
    def __cause__(self, cause: object) -> None:
        del cause


class InvalidRequest(_WithoutTraceback, ValueError):  # noqa: N818
    """Becomes INVALID_ARGUMENT, as every ValueError."""


class NotImplementedHere(_WithoutTraceback, NotImplementedError):  # noqa: N818
    """Becomes UNIMPLEMENTED."""


# pyarrow has no status for limits; INVALID_ARGUMENT is the one that dbt's SDK shows the message of.
_STATUSES: dict[str, type[Exception]] = {
    "not_authenticated": flight.FlightUnauthenticatedError,
    "not_allowed": flight.FlightUnauthorizedError,
    "cancelled": flight.FlightCancelledError,
    "unavailable": flight.FlightUnavailableError,
}


def refusal(error: MetricsStoreError) -> Exception:
    """Give what pyarrow's server turns into the status and message for the caller."""
    return _STATUSES.get(error.code, InvalidRequest)(_short(error.public()))


def answered_clearly(handler: Callable[Given, Result]) -> Callable[Given, Result]:
    """Wrap what answers a caller, so that whatever goes wrong is told clearly and safely."""

    @functools.wraps(handler)
    def answer(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return handler(*args, **kwargs)
        except MetricsStoreError as error:
            told = refusal(error)
        except (flight.FlightError, _WithoutTraceback):
            raise
        except Exception:
            # TODO
            raise
        raise told

    return answer


def _short(message: str) -> str:
    while len(quote(message)) > _LONGEST:
        message = message[: len(message) * 3 // 4] + "..."
    return message
