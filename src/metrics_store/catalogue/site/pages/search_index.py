"""What the search looks through: a script that sets one list, as files cannot be fetched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.site.description_html import first_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 120


@dataclass(frozen=True)
class SearchEntry:
    """One thing to find.

    Attributes:
        kind: What it is, for people.
        name: Its name in requests.
        label: What people call it.
        description: What it means.
        address: Its page.
        note: What else is said of it in the list, such as `deprecated`.
        synonyms: Other words for it.
    """

    kind: str
    name: str
    label: str
    description: str
    address: str
    note: str = ""
    synonyms: tuple[str, ...] = ()


def as_script(found: Iterable[SearchEntry]) -> str:
    """Write the script; whatever the words say, they stay text in it."""
    rows = [
        [
            one.kind,
            one.name,
            "" if one.label == one.name else one.label,
            first_sentence(one.description, _LONGEST),
            one.address,
            one.note,
            *([list(one.synonyms)] if one.synonyms else []),
        ]
        for one in found
    ]
    # ASCII, so that no file's encoding matters; and nothing in it ends a script or a line.
    text = json.dumps(rows, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.catalogueIndex={text};\n"
