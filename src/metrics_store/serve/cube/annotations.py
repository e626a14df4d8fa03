"""The annotations of an answer: what its columns are, for charts and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.query.selects.tables.table_catalog import STANDARD_GRAINS

if TYPE_CHECKING:
    from metrics_store.serve.cube.cube_questions import CubeQuestion
    from metrics_store.serve.cube.member_entries import MemberEntries

_SHOWN = ("title", "shortTitle", "description", "type", "format", "meta")
_DRILLS = ("drillMembers", "drillMembersGrouped")


def annotation(question: CubeQuestion, entries: MemberEntries) -> dict[str, Any]:
    """Give the annotations of a question's answer."""
    plain = {one.name: entries.dimension(one) for one in question.dimensions}
    times: dict[str, Any] = {}
    for time in question.periods:
        entry = _of(entries.dimension(time.member), _SHOWN)
        grain = str(time.granularity)
        granularity = {"name": grain, "title": grain}
        if grain in STANDARD_GRAINS:
            granularity["interval"] = f"1 {grain}"
        times[time.key] = {**entry, "granularity": granularity}
        if time.member.name not in plain:
            # Clients also look for it without its granularity.
            times.setdefault(time.member.name, entry)
    return {
        "measures": {
            one.name: _of(entries.measure(one), (*_SHOWN, *_DRILLS)) for one in question.measures
        },
        "dimensions": {name: _of(entry, _SHOWN) for name, entry in plain.items()},
        "segments": {},
        "timeDimensions": times,
    }


def _of(entry: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if entry.get(key) is not None}
