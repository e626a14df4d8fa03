"""The history of a metric for the terminal, as Markdown and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site.content.version_history import HistoryEntry
from metrics_store.review.changes.change import Action
from metrics_store.review.changes.tier import Tier
from metrics_store.review.definitions.definition import Rule
from metrics_store.review.report import sentences
from metrics_store.review.report.report_document import change_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from metrics_store.review.versions.metric_history import Event, State

_SHORT = 8
# What was there before the time that is told: nothing happened to it.
_UNCHANGED_SINCE = {"action": "as it was", "tier": str(Tier.NONE)}


def history_document(
    metric: str, events: Sequence[Event], states: Sequence[State], since: datetime | None = None
) -> dict[str, Any]:
    """Give the changes of a metric, the newest first, as plain values.

    Args:
        metric: Its name.
        events: Its changes.
        states: The states of the definitions that they were read from.
        since: From when on is told; the last state before it says how the metric was then.
    """
    return {
        "metric": metric,
        "events": [
            {
                "commit": event.revision.commit,
                "date": event.revision.date.isoformat() if event.revision.date else None,
                **change_document(event.change),
                **(_UNCHANGED_SINCE if _is_before(event, since) else {}),
                "meaning": {
                    name: field.display
                    for name, field in event.change.definition.fields.items()
                    if field.display and field.rule is not Rule.OFFERS
                },
            }
            for event in events
        ],
        "unreadable": [one.revision.commit for one in states if one.definitions is None],
    }


def _is_before(event: Event, since: datetime | None) -> bool:
    date = event.revision.date
    return since is not None and date is not None and date < since


def _lines(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Give each event as a heading and lines."""
    for event in document["events"]:
        day, commit = (event["date"] or "")[:10], (event["commit"] or "")[:_SHORT]
        tier = "" if event["tier"] == str(Tier.NONE) else f" {event['tier']}"
        heading = f"{day} {commit}{tier}: {sentences.heading(event)}"
        if version := sentences.facts({**event, "certified": "", "owner": "", "file": ""}):
            heading += f", version {version}"
        if event["action"] in (Action.ADDED.value, _UNCHANGED_SINCE["action"]):
            meaning = event["meaning"]
            yield heading, [f"{name}: {meaning[name]}" for name in sorted(meaning)]
            continue
        lines = [_field(field) for field in event["fields"]]
        yield heading, [*lines, *filter(None, [sentences.causes(event)])]


def _field(field: dict[str, Any]) -> str:
    if field["gone"] or field["come"]:
        signs = [f"-{one}" for one in field["gone"]] + [f"+{one}" for one in field["come"]]
        return f"{field['name']}: {sentences.listed(signs)}"
    if field["through"] or field["old"] == field["new"]:
        return f"{field['name']}: {field['new']} (what it is made of)"
    return f"{field['name']}: {field['old'] or '(nothing)'} → {field['new'] or '(nothing)'}"


def _unreadable_states(document: dict[str, Any]) -> str:
    number = len(document["unreadable"])
    return (
        f"{sentences.counted(number, 'state')} on the way cannot be read by dbt." if number else ""
    )


def site_history(events: Mapping[str, Sequence[Event]]) -> dict[str, list[HistoryEntry]]:
    """Give the histories of metrics for their pages in the catalogue."""
    return {metric: [_entry(event) for event in found] for metric, found in events.items()}


def _entry(event: Event) -> HistoryEntry:
    content = change_document(event.change)
    revision = event.revision
    changes = [sentences.heading(content)] if event.change.action is not Action.CHANGED else []
    if event.change.action is not Action.ADDED:
        changes += [_field(field) for field in content["fields"]]
    return HistoryEntry(
        version=content["version"]["new"] or "",
        date=f"{revision.date:%Y-%m-%d}" if revision.date else "",
        revision=(revision.commit or "")[:_SHORT],
        tier="" if event.change.action is Action.ADDED else content["tier"],
        changes=(*changes, *filter(None, [sentences.causes(content)])),
    )


def as_terminal(document: dict[str, Any]) -> str:
    """Write a history for a terminal."""
    parts = [
        "\n".join([heading, *(f"    {line}" for line in lines)])
        for heading, lines in _lines(document)
    ]
    return "\n\n".join([*parts, *filter(None, [_unreadable_states(document)])]) + "\n"


def as_markdown(document: dict[str, Any]) -> str:
    """Write a history as Markdown."""
    parts = [f"# {document['metric']}"]
    for heading, lines in _lines(document):
        parts.append("\n".join([f"## {heading}", "", *(f"- `{line}`" for line in lines)]))
    return "\n\n".join([*parts, *filter(None, [_unreadable_states(document)])]) + "\n"


FORMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "terminal": as_terminal,
    "markdown": as_markdown,
}
