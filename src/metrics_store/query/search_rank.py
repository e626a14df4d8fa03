"""How well something fits what somebody looks for: one order for every list that is searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Searched:
    """The words of something that can be found.

    Attributes:
        names: What it is called: its name, its label, and other words for it.
        subject: What it is about.
        description: What it means.
    """

    names: tuple[str, ...]
    subject: str = ""
    description: str = ""

    def rank(self, words: str) -> int | None:
        """Say how well it fits, 0 the best; none where it does not.

        Args:
            words: What is looked for, in any case.
        """
        wanted = " ".join(words.lower().split())
        names = [one.lower() for one in self.names if one]
        names += [one.replace("__", " ").replace("_", " ") for one in names if "_" in one]
        subject, description = self.subject.lower(), self.description.lower()
        whole = "\n".join([*names, subject, description])
        places = (
            wanted in names,
            any(one.startswith(wanted) for one in names),
            any(wanted in one for one in names),
            wanted in subject,
            wanted in description,
            all(word in whole for word in wanted.split()),
        )
        return next((number for number, fits in enumerate(places) if fits), None)


def synonyms_of(meta: Mapping[str, object]) -> tuple[str, ...]:
    """Give the other words for something, as its meta says them under `synonyms`."""
    declared = meta.get("synonyms")
    return tuple(map(str, declared)) if isinstance(declared, list) else ()
