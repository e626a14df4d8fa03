"""The error for a name that the definitions do not have: it proposes the nearest ones."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROPOSALS = 3


def unknown_name(what: str, name: str, known: Iterable[str], remedy: str) -> MetricsStoreError:
    """Give the error for a name that does not exist, with the nearest ones."""
    near = difflib.get_close_matches(name, sorted(known), n=_PROPOSALS, cutoff=0.5)
    expected = "perhaps " + " or ".join(near) if near else ""
    return MetricsStoreError(what, where=name or "an empty name", expected=expected, remedy=remedy)
