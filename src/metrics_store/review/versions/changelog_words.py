"""What the project's changelog says of a metric when it changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metrics_store.review.git.project_tree import hashes_of
from metrics_store.review.git.repository import find_repository
from metrics_store.review.git.tree_files import read_blobs
from metrics_store.review.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from metrics_store.review.versions.metric_history import Event, Step

_ITEM = re.compile(r"^\s*[-*+] ")
_MARKS = re.compile(r"\*\*|`")
_SENTENCE_END = re.compile(r"(?<=\.)\s+(?=[^a-z])")
_CODE = re.compile(r"`[^`]*`")
_NAMES = re.compile(r"`\w+`(?:(?:,| and|, and)\s+`\w+`){4,}")
_LONGEST = 400


def told_of(
    events: Sequence[Event], steps: Sequence[Step], project_directory: Path
) -> dict[str, list[str]]:
    """Give the sentences that came into the changelog with each event and name the metric.

    Args:
        events: The events of one metric.
        steps: All steps of the history, the oldest first: what an event brought is what was not
            there at the step before it.
        project_directory: The dbt project.

    Returns:
        By commit; none where the changelog tells nothing.
    """
    before: dict[str, str] = {}
    last = ""
    for step in steps:
        before[str(step.revision.commit)] = last
        last = str(step.revision.commit)
    commits = {str(event.revision.commit) for event in events}
    texts = _texts(project_directory, commits | {before[one] for one in commits})
    told = {}
    for event in events:
        commit = str(event.revision.commit)
        names = filter(None, (event.change["name"], event.change["old_name"]))
        if said := sentences_told(texts.get(before[commit], ""), texts.get(commit, ""), names):
            told[commit] = said
    return told


def sentences_told(before: str, after: str, names: Iterable[str]) -> list[str]:
    """Give the sentences of items that are new in a changelog and name something, without marks.

    Of many names in a row only those are given; a command that asks for them tells nothing of them.

    Args:
        before: The changelog before.
        after: The changelog after.
        names: What they are to name, one of these at least.
    """
    known = set(_items(before))
    named = tuple(names)
    word = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in named))
    return [
        _shown(sentence, named)
        for item in _items(after)
        if item not in known
        for sentence in _SENTENCE_END.split(item)
        if word.search(_CODE.sub(_without_commands, sentence))
    ]


def _without_commands(code: re.Match[str]) -> str:
    return "" if " " in code[0] else code[0]


def _shown(sentence: str, names: Sequence[str]) -> str:
    """Give a sentence as it is shown: without marks, and not longer than it is read."""

    def shortened(run: re.Match[str]) -> str:
        found = run[0].replace("`", "").replace(" and ", ", ").replace(",,", ",").split(", ")
        own = [one for one in names if one in found] or found[:1]
        return f"{', '.join(own)} and {len(found) - len(own)} more"

    shown = _MARKS.sub("", _NAMES.sub(shortened, sentence))
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _items(text: str) -> Iterator[str]:
    """Give the items of lists, each as one line; what stands in no list is none."""
    item: list[str] = []
    for line in text.splitlines():
        begins, goes_on = _ITEM.match(line), line.startswith(" ") and line.strip()
        if item and not (goes_on and not begins):
            yield " ".join(item)
            item = []
        if begins:
            item = [line[begins.end() :].strip()]
        elif item:
            item.append(line.strip())
    if item:
        yield " ".join(item)


def _texts(project_directory: Path, commits: Iterable[str]) -> dict[str, str]:
    repository = find_repository(project_directory)
    wanted = sorted(filter(None, commits))
    path = read_settings(project_directory).changelog
    blobs = hashes_of(repository, [(commit, path) for commit in wanted])
    contents = read_blobs(filter(None, blobs), repository)
    return {
        commit: contents[blob].decode(errors="replace")
        for commit, blob in zip(wanted, blobs, strict=True)
        if blob
    }
