"""Names as the files at hand spell theirs, for messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS = re.compile(r"(?:[A-Z][a-z0-9]*)+")


def spelled_like(name: str, others: Iterable[str]) -> str:
    """Give a name in snake_case as files write it that write the others so: `StageName`.

    Args:
        name: The contract's name.
        others: Names that stand in the file, or of other files.
    """
    # The end of a custom field's name says nothing of how words are joined.
    known = [re.sub("__[cC]$", "", other.strip()) for other in others if other.strip()]
    words = name.split("_")
    if not known or not all(words):
        return name
    capitals = [other for other in known if other.isupper()]
    if len(capitals) * 2 > len(known):
        joint = "_" if any("_" in other for other in capitals) else ""
        return joint.join(words).upper()
    joined = [other for other in known if _WORDS.fullmatch(other) and not other.isupper()]
    if len(joined) * 2 > len(known):
        return "".join(word.capitalize() for word in words)
    return name
