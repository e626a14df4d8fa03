"""The principal: a caller whose identity is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Principal:
    """A person or program that makes requests.

    Attributes:
        name: What the audit log calls them, such as `ana@example.com`.
        groups: What they belong to; policies speak of groups.
        attributes: What else is known of them, such as `teams`: name -> values. Row filters compare
            with these.
    """

    name: str
    groups: frozenset[str] = frozenset()
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


# Whoever sits at the machine that the warehouse and its profile are on. Policies, where there are
# any, say who that is; they know it by this very object, which nobody's token can name.
LOCAL = Principal("local")
