"""ETags: equal for one request of one principal while the data stays the same."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal


def entity_tag(data_version: str, principal: Principal, *parts: object) -> str:
    """Compute the tag of an answer without the answer.

    It is a weak one: sums of floats may differ in their last digit when they are added again.

    Args:
        data_version: What is live.
        principal: The principal; two who may see different rows never have the same tag.
        parts: The request and its format; values that `repr` tells apart.
    """
    who = (
        principal.name,
        sorted(principal.groups),
        sorted((name, tuple(values)) for name, values in principal.attributes.items()),
    )
    digest = hashlib.sha256(repr((data_version, who, parts)).encode("utf-8", "backslashreplace"))
    return f'W/"{digest.hexdigest()[:40]}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether the caller has this answer already (RFC 9110, weak comparison)."""
    if if_none_match is None:
        return False
    bare = tag.removeprefix("W/")
    given = (one.strip().removeprefix("W/") for one in if_none_match.split(","))
    return any(one == bare for one in given)
