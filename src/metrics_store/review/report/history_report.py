"""The history of a metric for the terminal, as Markdown and as plain values."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site.content.version_history import HistoryEntry
from metrics_store.review.changes.change import Action
from metrics_store.review.changes.tier import Tier
from metrics_store.review.report import block_sentences, sentences
from metrics_store.review.report.page_templates import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from metrics_store.review.versions.metric_history import Event, Step

_SHORT = 8
# What was there before the time that is told: nothing happened to it.
_ACTIONS = {"added": "new", "removed": "removed", "renamed": "renamed", "as it was": "as it was"}
_UNCHANGED_SINCE = {"action": "as it was", "tier": str(Tier.NONE)}


def history_document(
    metric: str,
    events: Sequence[Event],
    steps: Sequence[Step],
    since: datetime | None = None,
    told: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Give the changes of a metric, the newest first, as plain values.

    Args:
        metric: Its name.
        events: Its changes.
        steps: The steps of the history that they were read from.
        since: From when on is told; the last state before it says how the metric was then.
        told: What the changelog says of it, by commit.
    """
    return {
        "metric": metric,
        "events": [
            {
                "commit": event.revision.commit,
                "date": event.revision.date.isoformat() if event.revision.date else None,
                **event.change,
                **(_UNCHANGED_SINCE if _is_before(event, since) else {}),
                "told": list((told or {}).get(str(event.revision.commit), ())),
            }
            for event in events
        ],
        "unreadable": [one.revision.commit for one in steps if one.changes is None],
    }


def _is_before(event: Event, since: datetime | None) -> bool:
    date = event.revision.date
    return since is not None and date is not None and date < since


def _summary(document: dict[str, Any]) -> str:
    """Say how often a metric changed, and which version it has."""
    events = document["events"]
    newest = events[0]
    versions = {one["version"]["new"] for one in events if one["version"]["new"]}
    said = f"{document['metric']}: {sentences.counted(len(events), 'step')}"
    if versions:
        said += f" in {sentences.counted(len(versions), 'version')}"
    if newest["action"] == Action.REMOVED.value:
        return f"{said}; removed"
    known = [newest["version"]["new"], newest["certified"], newest["owner"]]
    return "; today ".join(filter(None, [said, ", ".join(filter(None, known))]))


def _heading(event: dict[str, Any]) -> str:
    """Say which version began, when, and what the step means."""
    day, commit = (event["date"] or "")[:10], (event["commit"] or "")[:_SHORT]
    is_change = event["action"] in (Action.CHANGED.value, Action.RENAMED.value)
    tier = event["tier"] if is_change and event["tier"] != str(Tier.NONE) else ""
    action = "" if event["action"] == Action.CHANGED.value else _ACTIONS[event["action"]]
    if event["action"] == Action.RENAMED.value:
        action += f" from {event['old_name']}"
    return "  ".join(filter(None, [_version(event), day, commit, tier, action]))


def _version(event: dict[str, Any]) -> str:
    """Give the version that holds from a step on, and say where the step did not raise it."""
    old, new = event["version"]["old"], event["version"]["new"]
    if event["action"] == Action.REMOVED.value:
        return str(old or "")
    if event["action"] == Action.ADDED.value or new is None or old != new:
        return str(new or "without version")
    return f"{new}, not raised" if event["tier"] != str(Tier.NONE) else str(new)


def _lines(event: dict[str, Any]) -> list[str]:
    """Say in words what a step changed, what the changelog says first."""
    told = [f"“{one}”" for one in event["told"]]
    if event["action"] in (Action.ADDED.value, _UNCHANGED_SINCE["action"]):
        return [*told, *block_sentences.meant(event["meaning"])]
    return [*told, *_changes(event)]


def _changes(event: dict[str, Any]) -> list[str]:
    causes = sentences.causes(event)
    lines = [line for field in event["fields"] for line in block_sentences.in_words(field, causes)]
    return [*lines, *filter(None, [causes])]


def _unreadable_states(document: dict[str, Any]) -> str:
    number = len(document["unreadable"])
    return (
        f"{sentences.counted(number, 'state')} on the way cannot be read by dbt." if number else ""
    )


def site_history(events: Mapping[str, Sequence[Event]]) -> dict[str, list[HistoryEntry]]:
    """Give the histories of metrics for their pages in the catalogue."""
    return {metric: [_entry(event) for event in found] for metric, found in events.items()}


def _entry(event: Event) -> HistoryEntry:
    content = event.change
    revision = event.revision
    is_new = content["action"] == Action.ADDED.value
    changes = [sentences.heading(content)] if content["action"] != Action.CHANGED.value else []
    return HistoryEntry(
        version=_version(content),
        date=f"{revision.date:%Y-%m-%d}" if revision.date else "",
        revision=(revision.commit or "")[:_SHORT],
        tier="" if is_new else content["tier"],
        changes=tuple(changes if is_new else [*changes, *_changes(content)]),
    )


def as_terminal(document: dict[str, Any], width: int = 100) -> str:
    """Write a history for a terminal of so many characters."""
    parts = [_summary(document)]
    for event in document["events"]:
        lines = (
            textwrap.fill(
                line, width, initial_indent="    ", subsequent_indent="      ",
                break_long_words=False, break_on_hyphens=False,
            )
            for line in _lines(event)
        )  # fmt: skip
        parts.append("\n".join([_heading(event), *lines]))
    return "\n\n".join([*parts, *filter(None, [_unreadable_states(document)])]) + "\n"


def _for_this_terminal(document: dict[str, Any]) -> str:
    return as_terminal(document, shutil.get_terminal_size((100, 24)).columns)


def as_markdown(document: dict[str, Any]) -> str:
    """Write a history as Markdown."""
    parts = [f"# {document['metric']}", _summary(document)]
    for event in document["events"]:
        lines = (f"- {plain(line)}" for line in _lines(event))
        parts.append("\n".join([f"## {plain(_heading(event))}", "", *lines]).rstrip())
    return "\n\n".join([*parts, *filter(None, [_unreadable_states(document)])]) + "\n"


FORMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "terminal": _for_this_terminal,
    "markdown": as_markdown,
}
