"""Errors in the responses of GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from metrics_store.errors import NotAuthenticatedError
from metrics_store.serve.error_messages import error_code, error_message

if TYPE_CHECKING:
    from collections.abc import Sequence

# The words that the dbt Semantic Layer's clients look for.
_NOT_AUTHORIZED = "User is not authorized"


def _message(error: Exception, request_id: str) -> str:
    if isinstance(error, NotAuthenticatedError):
        return _NOT_AUTHORIZED
    return error_message(error, request_id)


def formatted(errors: Sequence[GraphQLError], request_id: str) -> list[dict[str, Any]]:
    """Give errors of an execution in the form of GraphQL, with what the client may know."""
    return [_formatted(error, request_id) for error in errors]


def failure(error: Exception, request_id: str) -> dict[str, Any]:
    """Give the whole response to a request that was not executed."""
    if isinstance(error, GraphQLError):
        return {"data": None, "errors": formatted([error], request_id)}
    extensions = {"code": error_code(error), "requestId": request_id}
    return {
        "data": None,
        "errors": [{"message": _message(error, request_id), "extensions": extensions}],
    }


def _formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    original = error.original_error
    code = "invalid_request"
    # GraphQL's own errors say what is wrong with the document, and know nothing else.
    if original is not None and not isinstance(original, GraphQLError):
        shown["message"] = _message(original, request_id)
        code = error_code(original)
    shown["extensions"] = {"code": code, "requestId": request_id}
    return shown
