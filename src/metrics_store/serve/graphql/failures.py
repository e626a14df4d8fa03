"""What a client is told when something fails: never more than it may know."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from metrics_store.engine.observation import BROKEN
from metrics_store.errors import MetricsStoreError, NotAuthenticatedError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOG = logging.getLogger(__name__)

# The words that the dbt Semantic Layer's clients look for.
_NOT_AUTHORIZED = "User is not authorized"


def message_of(error: Exception, request_id: str) -> str:
    """Say what is wrong; what nobody foresaw goes to the log, under the request's id."""
    if isinstance(error, NotAuthenticatedError):
        return _NOT_AUTHORIZED
    if isinstance(error, MetricsStoreError):
        return error.public()
    _LOG.error("request %s failed", request_id, exc_info=error)
    return f"something went wrong in the server; the request is {request_id}"


def code_of(error: Exception) -> str:
    """Give the short name of what is wrong, for programs."""
    return error.code if isinstance(error, MetricsStoreError) else BROKEN


def formatted(errors: Sequence[GraphQLError], request_id: str) -> list[dict[str, Any]]:
    """Give errors of an execution as GraphQL has them, without what only we may know."""
    return [_formatted(error, request_id) for error in errors]


def failure(error: Exception, request_id: str) -> dict[str, Any]:
    """Give the whole answer to a request that was not executed."""
    if isinstance(error, GraphQLError):
        return {"data": None, "errors": formatted([error], request_id)}
    extensions = {"code": code_of(error), "requestId": request_id}
    return {
        "data": None,
        "errors": [{"message": message_of(error, request_id), "extensions": extensions}],
    }


def _formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    original = error.original_error
    code = "invalid_request"
    # GraphQL's own errors say what is wrong with the document, and know nothing else.
    if original is not None and not isinstance(original, GraphQLError):
        shown["message"] = message_of(original, request_id)
        code = code_of(original)
    shown["extensions"] = {"code": code, "requestId": request_id}
    return shown
