"""The sentences on changes that are told together, shared by the formats of the report."""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from metrics_store.review.report import sentences
from metrics_store.review.report.change_blocks import own_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.review.report.change_blocks import Block

_VERSION = "config.meta.version"
_META = "config.meta."
_MOST_FOLLOWING = 12
# Words on both sides of what differs in a text, and the share of equal ones of another text.
_CONTEXT, _ANOTHER = 4, 0.4
_PLURALS = {"saved query": "saved queries", "entity": "entities", "policy": "policies"}
_KINDS = ("metric", "dimension", "entity", "grain", "saved query")
_CAUSES = (*_KINDS, "model")
# What a new definition says of itself elsewhere, or what is no part of its meaning.
# Fields that are sets, and what is said of what is in them.
_SETS = {"group_bys": "can be grouped by:"}
_NOT_MEANING = ("label", "type", "time_spine", "measure.join_to_timespine")


def heading(block: Block, most: int | None = 6) -> str:
    """Say what happened, and to what."""
    if block.model is not None:
        return f"model {block.model['name']}: {sentences.model(block.model)}"
    first = block.changes[0]
    if len(block.changes) == 1:
        return sentences.heading(first)
    names = sentences.listed([one["name"] for one in block.changes], most)
    action = "" if first["action"] == "changed" else f" {first['action']}"
    return f"{counted(len(block.changes), first['kind'])}{action}: {names}"


def facts(block: Block) -> str:
    """Give what is known of what changed: tier, version, owner and file."""
    if block.model is not None:
        return str(block.model["file"])
    if len(block.changes) == 1:
        return sentences.facts(block.changes[0])
    files = sorted({one["file"] for one in block.changes if one["file"]})
    return sentences.listed(files, 3)


def fields(block: Block) -> list[dict[str, Any]]:
    """Give the fields that differ and are told; no versions, which stand among the facts."""
    if block.model is not None or block.changes[0]["action"] not in ("changed", "renamed"):
        return []
    return [one for one in own_fields(block.changes[0]) if one["name"] != _VERSION]


def meaning(block: Block) -> list[str]:
    """Say what something new means."""
    if len(block.changes) != 1 or block.changes[0]["action"] != "added":
        return []
    return meant(block.changes[0]["meaning"])


def meant(fields: dict[str, str]) -> list[str]:
    """Say what a definition means, its own words first."""
    found = {
        name: text
        for name, text in fields.items()
        if name not in _NOT_MEANING and not name.startswith(_META)
    }
    words = [found.pop("description")] if "description" in found else []
    return [*words, *(f"{name}: {text}" for name, text in found.items())]


def in_words(one: dict[str, Any], causes: str) -> list[str]:
    """Say in words how a field changed; nothing of versions, and of what the causes say.

    Args:
        one: The field.
        causes: Why what it is made of changed; empty where nobody knows.
    """
    name = str(one["name"]).removeprefix(_META)
    if one["name"] == _VERSION or (one["through"] and causes):
        return []
    if one["through"]:
        return [f"{name}: {one['new']}, which is made of something else now"]
    if name == "asked by name":
        return ["can be asked by its name" + ("" if one["come"] else " no longer")]
    if one["gone"] or one["come"]:
        parts = (("no longer", one["gone"]), ("now also", one["come"]))
        said = "; ".join(f"{words} {sentences.listed(names)}" for words, names in parts if names)
        return [f"{_SETS.get(name, name)} {said}"]
    if not one["old"] or not one["new"]:
        said = f"{one['new']} (nothing before)" if one["new"] else f"none (was {one['old']})"
        return [f"{name}: {said}"]
    return [f"{name}: {old} → {new}" for old, new in reworded(one["old"], one["new"])]


def follows(changes: Iterable[dict[str, Any]], most: int | None = _MOST_FOLLOWING) -> list[str]:
    """Say what follows, a line for each kind of definition."""
    return [
        f"{counted(len(names), kind)}: {sentences.listed(names, most)}"
        for kind, names in _by_kind(changes)
    ]


def left_out(changes: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """Give all names of the kinds of which not all are named in what follows."""
    return [
        {"what": counted(len(names), kind), "names": ", ".join(names)}
        for kind, names in _by_kind(changes)
        if sentences.listed(names, _MOST_FOLLOWING) != sentences.listed(names, None)
    ]


def _by_kind(changes: Iterable[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in changes:
        found[one["kind"]].append(_with_version(one))
    return sorted(found.items(), key=lambda one: _KINDS.index(one[0]))


def because(causes: Iterable[str]) -> str:
    """Name what several changes follow from together."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for one in causes:
        kind = next((kind for kind in _CAUSES if one.startswith(f"{kind} ")), "")
        by_kind[kind].append(one.removeprefix(f"{kind} "))
    said = [
        f"{_plural(kind) if len(names) > 1 else kind} {', '.join(names)}".strip()
        for kind, names in by_kind.items()
    ]
    return "because of " + " and ".join(said)


def also(changes: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Give what was said in other words of what follows: of which definitions, and the field."""
    names: dict[str, list[str]] = defaultdict(list)
    found: dict[str, dict[str, Any]] = {}
    for change in changes:
        for one in own_fields(change):
            if not one["through"] and one["name"] != _VERSION:
                same = json.dumps(one, sort_keys=True)
                names[same].append(change["name"])
                found[same] = one
    return [(sentences.listed(names[same], 3), one) for same, one in found.items()]


def group_bys(one: dict[str, Any]) -> str:
    """Say what metrics can be grouped by no longer, and by what besides."""
    parts = [
        f"{words} by {sentences.listed(one[key])}"
        for key, words in (("gone", "no longer"), ("come", "now also"))
        if one[key]
    ]
    metrics = f"{counted(len(one['metrics']), 'metric')}: {sentences.listed(one['metrics'], 4)}"
    return f"{'; '.join(parts)} ({metrics})"


def concerned(what: dict[str, list[str]], most: int | None = 5) -> list[str]:
    """Say what of one owner is concerned, a line for each kind."""
    return [
        f"{counted(len(names), kind)}: {sentences.listed(names, most)}"
        for kind, names in what.items()
    ]


def problem(one: dict[str, Any]) -> list[str]:
    """Say what must be mended, and where; every place is named."""
    where = one["where"]
    if len(where) == 1:
        return f"{where[0]}: {one['what']}".splitlines()
    kinds = {name.split(" ")[0] for name in where}
    kind = kinds.pop() if len(kinds) == 1 else ""
    names = ", ".join(name.removeprefix(f"{kind} ") for name in where)
    many = counted(len(where), kind or "place")
    return [f"{many}, of each: {one['what']}", f"  {names}"]


def reworded(old: str, new: str) -> list[tuple[str, str]]:
    """Give the parts of two texts that differ, each with some words around, before and after."""
    before, after = old.split(), new.split()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ANOTHER:
        return [(old, new)]
    return [
        (
            _part(before, group[0][1], group[-1][2]),
            _part(after, group[0][3], group[-1][4]),
        )
        for group in matcher.get_grouped_opcodes(_CONTEXT)
    ]


def counted(number: int, kind: str) -> str:
    """Say how many there are of a kind of definition or reader."""
    return f"1 {kind}" if number == 1 else f"{number} {_plural(kind)}"


def _plural(kind: str) -> str:
    return _PLURALS.get(kind, f"{kind}s")


def _part(words: list[str], first: int, end: int) -> str:
    start = "" if first == 0 else "… "
    return start + " ".join(words[first:end]) + ("" if end == len(words) else " …")


def _with_version(change: dict[str, Any]) -> str:
    old, new = change["version"]["old"], change["version"]["new"]
    return f"{change['name']} ({old} → {new})" if old and new and old != new else change["name"]
