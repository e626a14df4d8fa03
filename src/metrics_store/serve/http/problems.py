"""Errors as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from starlette.responses import Response

from metrics_store.engine.observer import BROKEN
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"

# What the caller did not get, as HTTP says it; a code that is not here is the caller's mistake.
STATUS = {
    "not_authenticated": 401,
    "not_allowed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "misdirected": 421,
    "limit_exceeded": 422,
    "cancelled": 499,
    BROKEN: 500,
    "busy": 503,
    "unavailable": 503,
}
_TITLES = {
    400: "The request is not right",
    401: "Nobody knows who is asking",
    403: "This may not be seen",
    404: "There is no such thing",
    405: "The method is not right",
    406: "There is no such format",
    413: "The request is too large",
    415: "The request is in another format",
    421: "The request is meant for somebody else",
    422: "The question takes too much",
    499: "Nobody waits for the answer",
    500: "Something went wrong in the server",
    503: "The server cannot answer now",
}

logger = logging.getLogger(__name__)


class Problem(BaseModel):
    """What went wrong, as RFC 9457 says it, with what the store says of it beside."""

    type: str = Field(description="`urn:metrics-store:problem:` and the code.")
    title: str = Field(description="The kind of problem, in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="All that is known of it, in words.")
    code: str = Field(description="The kind of problem, for programs.")
    what: str = Field(description="What is wrong, in one sentence.")
    where: str | None = Field(default=None, description="What it is about.")
    expected: str | None = Field(default=None, description="What would have been right.")
    remedy: str | None = Field(default=None, description="What to do now.")
    request_id: str = Field(description="What the server's log knows the request by.")


class BodyTooLargeError(MetricsStoreError):
    """A caller sent more than the server reads."""

    code = "body_too_large"


class NotAcceptableError(MetricsStoreError):
    """A caller wants a format that there is not."""

    code = "not_acceptable"


class UnsupportedMediaTypeError(MetricsStoreError):
    """A caller sent a format that is not read."""

    code = "unsupported_media_type"


def problem(
    error: MetricsStoreError, request_id: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with an error, without what only operators of the store may know."""
    return _response(error.code, error.public(), error.public_parts(), request_id, headers)


def problem_of(error: MetricsStoreError, request_id: str) -> Problem:
    """Say an error that is only a part of an answer."""
    return _problem(error.code, error.public(), error.public_parts(), request_id)


def broken(error: Exception, request_id: str) -> Response:
    """Answer for an exception that nobody foresaw; the log has all of it, the caller nothing."""
    logger.error("unforeseen", exc_info=error, extra={"request_id": request_id})
    what = "something went wrong in the server"
    remedy = "tell whoever runs the server the request id"
    return _response(BROKEN, what, {"what": what, "remedy": remedy}, request_id, None)


def _problem(code: str, detail: str, parts: Mapping[str, str], request_id: str) -> Problem:
    status = STATUS.get(code, 400)
    return Problem(
        type=f"urn:metrics-store:problem:{code}",
        title=_TITLES[status],
        status=status,
        detail=detail,
        code=code,
        request_id=request_id,
        **parts,
    )


def _response(
    code: str,
    detail: str,
    parts: Mapping[str, str],
    request_id: str,
    headers: Mapping[str, str] | None,
) -> Response:
    body = _problem(code, detail, parts, request_id)
    status = body.status
    content = json.dumps(body.model_dump(exclude_none=True))
    more = {"Cache-Control": "no-store", **(headers or {})}
    if status == STATUS["not_authenticated"]:
        more["WWW-Authenticate"] = 'Bearer realm="metrics"'
    if status == STATUS["unavailable"]:
        more["Retry-After"] = "5"
    return Response(content, status, more, MEDIA_TYPE)
