"""Fingerprints: hashes of canonical text, the same in every process and on every machine."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Part: TypeAlias = "str | int | Sequence[Part] | None"

# Fingerprints of two algorithms, or of what two versions of the parser saw, cannot be compared:
# whoever keeps fingerprints keeps this beside them.
ALGORITHM_VERSION = f"relations-1 sqlglot-{version('sqlglot')}"


class NotUnderstoodError(Exception):
    """A construct whose meaning is not known: it counts with everything that it is made of."""


def fingerprint(kind: str, *parts: Part) -> str:
    """Give the hash of something made of parts.

    Args:
        kind: What it is; things of two kinds never have the same fingerprint.
        parts: What it is made of: texts, numbers, fingerprints, and lists of them.

    Returns:
        64 hexadecimal digits.
    """
    text = json.dumps([ALGORITHM_VERSION, kind, *parts], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def one_of(candidates: Iterable[str]) -> str:
    """Give the fingerprint of what is one of several things, we cannot know which."""
    distinct = sorted(set(candidates))
    return distinct[0] if len(distinct) == 1 else fingerprint("one of", distinct)
