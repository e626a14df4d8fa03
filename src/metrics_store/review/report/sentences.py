"""The sentences that all formats of the report share."""

from __future__ import annotations

import difflib
from typing import Any

_SHORT = 8
_MOST_NAMES = 6


def revision(said: dict[str, Any]) -> str:
    """Name a revision: as it was asked for, with its commit and day where it has them."""
    name = str(said["name"])
    commit = (said["commit"] or "")[:_SHORT]
    details = [one for one in (commit, (said["date"] or "")[:10]) if one and one not in name]
    return f"{name} ({', '.join(details)})" if details else name


def summary(document: dict[str, Any]) -> str:
    """Say in one sentence what a review found."""
    count = len(document["untouched"])
    verb = "always give" if count != 1 else "always gives"
    same = f"{counted(count, 'metric')} {verb} the same as before"
    if document["base"]["is_empty"]:
        said = f"{document['base']['name']} has no dbt project: all is new"
    elif document["head"]["is_empty"]:
        said = f"{document['head']['name']} has no dbt project: all is gone"
    elif not document["changes"] and not document["gained"]:
        if not document["models"]:
            return f"Nothing changed; {same}."
        models = counted(len(document["models"]), "model")
        return f"No definition changed, but the SQL of {models}; {same}."
    else:
        said = ", ".join(f"{number} {tier}" for tier, number in document["counts"].items())
        said = said or "only more to group by"
        return f"{said}; {same}."
    return f"{said}."


def facts(change: dict[str, Any]) -> str:
    """Give what is known of a changed definition: its tier, version, owner and file."""
    old, new = change["version"]["old"], change["version"]["new"]
    version = f"{old} → {new}" if old and new and old != new else new or old
    known = (change["certified"], version, change["owner"], change["file"])
    return " · ".join(one for one in known if one)


def heading(change: dict[str, Any]) -> str:
    """Say what happened to a definition."""
    if change["action"] == "renamed":
        return f"{change['kind']} {change['old_name']} is now {change['name']}"
    action = "" if change["action"] == "changed" else f" {change['action']}"
    return f"{change['kind']} {change['name']}{action}"


def causes(change: dict[str, Any]) -> str:
    """Name the inputs and models that cause a change of values; empty where there are none."""
    said = []
    if change["through"]:
        said.append(listed(change["through"]))
    if change["models"]:
        said.append("the SQL of " + listed(change["models"]))
    return f"because {', and '.join(said)} changed" if said else ""


def likely(change: dict[str, Any]) -> str:
    """Name the definition that a removed one may have been renamed to."""
    if not change["likely_name"]:
        return ""
    return (
        f"perhaps renamed to {change['likely_name']} and changed at once: do one at a time, "
        "and the review shows what changed"
    )


def model(said: dict[str, Any]) -> str:
    """Say what changed in a model."""
    if said["action"] != "changed":
        return str(said["action"])
    parts = []
    if said["rows"]:
        parts.append("other rows")
    for key, words in (("changed", "other values"), ("gone", "gone"), ("come", "new")):
        if said[key]:
            parts.append(f"{words}: {listed(said[key])}")
    return "; ".join(parts) or "no column and no row differs"


def moved(one: dict[str, Any]) -> str:
    """Say by how much a slice moved."""
    old, new = one["old"], one["new"]
    said = f"{'nothing' if old is None else old} → {'nothing' if new is None else new}"
    return said if one["share"] is None else f"{said} ({one['share']:+.1%})"


def slice_of(one: dict[str, Any], group_by: list[str]) -> str:
    """Name a slice by what it is grouped by."""
    pairs = zip(group_by, one["key"], strict=True)
    return ", ".join(f"{name} {'(none)' if value is None else value}" for name, value in pairs)


def compared(question: dict[str, Any]) -> str:
    """Say how many slices of a question moved, or why a side does not answer."""
    errors = question["refused"]
    if errors["old"] or errors["new"]:
        side = "before" if errors["old"] else "now"
        return f"not answered {side}: {errors['old'] or errors['new']}"
    return f"{question['differing']} of {counted(question['rows'], 'row')} moved"


def difference(old: str, new: str) -> list[str]:
    """Give two texts in one: every line, with a sign where only one of them has it."""
    before, after = old.splitlines(), new.splitlines()
    lines = difflib.unified_diff(before, after, n=len(before) + len(after), lineterm="")
    return list(lines)[3:]


def stayed(values: dict[str, Any]) -> str:
    """Say which metrics are equal to the row on both sides."""
    said = []
    for key, words in (("untouched_and_equal", "not touched"), ("touched_and_equal", "touched")):
        found = values[key]
        if found:
            rows = counted(sum(found.values()), "row")
            verb = "is" if len(found) == 1 else "are"
            said.append(f"{counted(len(found), 'metric')} {words} {verb} equal in all of {rows}")
    return "; ".join(said) + "." if said else ""


def listed(names: list[str], most: int | None = _MOST_NAMES) -> str:
    """Give the first of some names, and how many more there are; all where there is no limit."""
    # One more takes no more room than to say so.
    if most is None or len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def counted(number: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
