"""Send a body to a webhook. Its address is a secret: no message shows more of it than the host."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests

from metrics_store.errors import MetricsStoreError

# Seconds to connect, and to answer.
TIMEOUTS = (5.0, 15.0)


def post(url: str, body: dict[str, Any], timeouts: tuple[float, float] = TIMEOUTS) -> None:
    """Post a JSON body; only an answer of 2xx counts.

    Raises:
        MetricsStoreError: The address is none, nothing answers in time, or the answer is another.
    """
    where = _host(url)
    try:
        # A redirect would turn the post into a get: it is no success.
        answer = requests.post(url, json=body, timeout=timeouts, allow_redirects=False)
    except requests.Timeout:
        raise _failed(f"did not answer within {sum(timeouts):.0f} seconds", where) from None
    except requests.exceptions.SSLError:
        raise _failed("has no certificate that can be trusted", where) from None
    except requests.RequestException:
        # Without its words, which have the address in them.
        raise _failed("cannot be reached", where) from None
    if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        raise _failed(f"answered {_status(answer.status_code)}", where)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = None, None, None
    if parts is None or parts.scheme not in {"http", "https"} or not host:
        raise MetricsStoreError(
            "the webhook is no address of http or https",
            expected="such as https://hooks.example.com/...",
            remedy="check --webhook or METRICS_STORE_ALERT_WEBHOOK",
        )
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def _failed(what: str, where: str) -> MetricsStoreError:
    return MetricsStoreError(
        f"the webhook {what}, so its alerts count as not posted",
        where=where,
        remedy="check the webhook and run this again",
    )
