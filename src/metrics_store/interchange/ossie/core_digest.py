"""Digests of what Ossie's core says, so that an edit of it is not lost without a word."""

from __future__ import annotations

import hashlib
import json

_LENGTH = 16


def digest_of(content: object) -> str:
    """Give the digest of a part of a document."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
