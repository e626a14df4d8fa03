"""Every change of the corpus gets the tier and the impact it must, and moves nothing unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.query.metric_request import MetricRequest
from metrics_store.review.changes.project_review import Review, review
from metrics_store.review.changes.tier import Tier
from review.corpus.answers import MONTH, Both
from review.corpus.corpus import CORPUS
from review.corpus.edits import applied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.corpus.change import Change
    from review.corpus.conftest import Bench

pytestmark = pytest.mark.slow

_GROUPS = 2  # as many as there are processors

_CHANGES = [
    pytest.param(change, id=f"{kind}: {change.name}")
    for kind, changes in CORPUS.items()
    for change in changes
]
_CASES = [
    pytest.param(
        *one.values, id=one.id, marks=pytest.mark.xdist_group(f"changes_{place % _GROUPS}")
    )
    for place, one in enumerate(_CHANGES)
]


def test_the_corpus_is_large_and_has_each_kind() -> None:
    names = [one.id for one in _CHANGES]
    assert len(set(names)) == len(names) > 100
    assert all(len(changes) > 2 for changes in CORPUS.values())


@pytest.mark.parametrize("change", _CASES)
def test_a_change(change: Change, bench: Bench) -> None:
    compiled = bench.market.compiled(applied(change.edits, bench.files))
    found = review(bench.base.compiled.definitions, compiled.definitions, "duckdb")
    said = {one.identity: one.tier for one in found.changes}
    assert _marked(said) == _marked(change.tiers)
    assert found.tier == change.tier
    impacts = {one.identity for one in found.impacts}
    assert change.impacts <= impacts, found.impacts
    if found.tier <= Tier.PATCH:
        assert not impacts
        assert (
            not found.models
            or change.name in {"a column added", "a column in a seed"}
            or all(not one.can_change_values for one in found.models)
        )
    assert {one.name for one in found.metrics if one.values_can_differ} == change.touched
    if change.builds:
        head = bench.built(compiled)
        both = Both(bench.base, head, bench.plans, frozenset(bench.base.tables.same(head.tables)))
        assert list(_unseen(found, both)) == []
        if change.touched:
            assert any(_moved(change, both)) == change.moves
        head.tables.close()


def _marked(tiers: dict[str, Tier]) -> list[str]:
    return sorted(f"{tier}: {name}" for name, tier in tiers.items())


def _unseen(found: Review, both: Both) -> Iterator[str]:
    """Give what answers otherwise though the review takes it for the same."""
    reported = {name for one in found.changes if one.tier is Tier.MAJOR for name in one.identities}
    for metric in found.unchanged_metrics:
        for group_by in both.group_bys(metric):
            if not _is_reported(group_by, reported) and both.metric_differs(metric, group_by):
                yield f"{metric} by {group_by}"
    concerned = {one.identity for one in found.impacts if one.tier is Tier.MAJOR} | reported
    for name in found.base.saved_queries.keys() & found.head.saved_queries.keys():
        if f"saved query {name}" not in concerned and both.differ(MetricRequest(saved_query=name)):
            yield f"saved query {name}"


def _is_reported(group_by: str, reported: set[str]) -> bool:
    """Say whether a dimension, an entity or a grain in a group-by is said to have changed."""
    parts = group_by.split("__")
    for identity in reported:
        kind, name = identity.split(" ", 1)
        asked = name.split(" of ")[0].split("__")[-1]
        if kind in ("dimension", "entity", "grain") and asked in parts:
            return True
    return False


def _moved(change: Change, both: Both) -> Iterator[bool]:
    for metric in sorted(change.touched):
        yield both.metric_differs(metric, MONTH)
