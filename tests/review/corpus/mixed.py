"""Several changes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.corpus.change import Change, metrics, these
from review.corpus.dimension_changes import DIMENSIONS, GRAINS
from review.corpus.edits import replace
from review.corpus.groups import METRICS, MORE
from review.corpus.mart_changes import BENEATH, MARTS
from review.corpus.measure_changes import MEASURES
from review.corpus.metrics_changes import COMPOSED, SIMPLE
from review.corpus.saved_changes import SAVED
from review.corpus.spelling import INDEPENDENT

if TYPE_CHECKING:
    from collections.abc import Sequence


def named(name: str, changes: Sequence[Change]) -> Change:
    """Give a change by its name."""
    return next(one for one in changes if one.name == name)


def together(name: str, *changes: Change) -> Change:
    """Do several changes of different things; the greatest tier of each thing counts."""
    major = frozenset().union(*(one.major for one in changes))
    minor = frozenset().union(*(one.minor for one in changes)) - major
    patch = frozenset().union(*(one.patch for one in changes)) - major - minor
    return Change(
        name,
        tuple(edit for one in changes for edit in one.edits),
        major,
        minor,
        patch,
        noted=frozenset().union(*(one.noted for one in changes)) - major - minor - patch,
        impacts=frozenset().union(*(one.impacts for one in changes)),
        moved=frozenset().union(*(one.touched for one in changes)),
        whole=max(one.tier for one in changes),
        moves=any(one.moves for one in changes),
    )


# Each touches another part of the market, and edits another place.
FAR_APART = (
    named("a measure's time", MEASURES),
    named("the last day in place of the first", MEASURES),
    named("an aggregate", MARTS),
    named("the body of a macro", BENEATH),
    named("aliases swapped", COMPOSED),
    named("another limit", SAVED),
    named("what a conversion works out", COMPOSED),
    named("a filter", SIMPLE),
    named("a dimension's expression", DIMENSIONS),
    named("a grain added", GRAINS),
)

MIXED = (
    together(
        "the format of ten files and one value",
        *INDEPENDENT[:10],
        *INDEPENDENT[20:],
        named("an aggregate", MARTS),
    ),
    together(
        "two things that have nothing to do with each other",
        named("another percentile", MEASURES),
        named("a branch of a union left out", MARTS),
    ),
    together("many things that have nothing to do with each other", *FAR_APART),
    Change(
        "a metric's filter and its label, and a saved query of another name",
        (
            replace(MORE, "= 'south'", "= 'east'"),
            replace(MORE, "Revenue of the south", "Revenue of the east"),
            replace(METRICS, "name: stock_by_store", "name: stock_of_stores"),
        ),
        major=metrics("revenue_south") | these("saved query stock_of_stores"),
    ),
)
