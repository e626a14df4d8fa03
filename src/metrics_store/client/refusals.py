"""What a server refuses becomes the error that it was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def refusal(response: requests.Response) -> MetricsStoreError:
    """Give the error that a response says."""
    try:
        said = response.json()
        parts = {name: str(said[name]) for name in _PARTS if said.get(name)}
        what, code = str(said["what"]), str(said["code"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return UnavailableError(
            f"the server answered with status {response.status_code} and no explanation",
            remedy="check that the address is that of a metrics server",
        )
    broken = UnavailableError if response.status_code >= _SERVER_ERRORS else MetricsStoreError
    return _KINDS.get(code, broken)(what, **parts)
