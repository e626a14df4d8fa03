"""The errors in a server's responses, as exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.errors import (
    CancelledError,
    LimitExceededError,
    MetricsStoreError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFoundError,
    UnavailableError,
)

if TYPE_CHECKING:
    import requests

_KINDS: dict[str, type[MetricsStoreError]] = {
    kind.code: kind
    for kind in (
        MetricsStoreError,
        CancelledError,
        LimitExceededError,
        NotAllowedError,
        NotAuthenticatedError,
        NotFoundError,
        UnavailableError,
    )
}
_SERVER_ERRORS = 500
_PARTS = ("where", "expected", "remedy")


def error_of(response: requests.Response) -> MetricsStoreError:
    """Give the exception for a response."""
    try:
        return error_of_problem(response.json(), response.status_code)
    except (ValueError, KeyError, TypeError, AttributeError):
        return UnavailableError(
            f"the server answered with status {response.status_code} and no explanation",
            remedy="check that the address is that of a metrics server",
        )


def error_of_problem(problem: dict[str, Any], status: int) -> MetricsStoreError:
    """Give the exception for what a server says of a problem."""
    parts = {name: str(problem[name]) for name in _PARTS if problem.get(name)}
    what, code = str(problem["what"]), str(problem["code"])
    broken = UnavailableError if status >= _SERVER_ERRORS else MetricsStoreError
    return _KINDS.get(code, broken)(what, **parts)
