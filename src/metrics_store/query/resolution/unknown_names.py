"""The error for a name that the definitions do not have: it proposes the nearest ones."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROPOSALS = 3


def unknown_name(what: str, name: str, known: Iterable[str], remedy: str) -> MetricsStoreError:
    """Give the error for a name that does not exist, with the nearest ones.

    Names that end alike come first: people know `industry`, and not the path that leads to it.
    """
    names = sorted(known)
    ending = _ending(name)
    alike = [one for one in names if _ending(one) == ending]
    near = difflib.get_close_matches(name, alike, n=_PROPOSALS, cutoff=0)
    near += difflib.get_close_matches(name, names, n=_PROPOSALS, cutoff=0.5)
    proposed = list(dict.fromkeys(near))[:_PROPOSALS]
    expected = "perhaps " + " or ".join(proposed) if proposed else ""
    return MetricsStoreError(what, where=name or "an empty name", expected=expected, remedy=remedy)


def _ending(name: str) -> str:
    return name.lower().rpartition("__")[2]
