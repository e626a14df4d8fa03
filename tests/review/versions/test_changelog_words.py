"""What a changelog says of a metric when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.git.commit_log import first_parents
from metrics_store.review.revisions.revision import Revision
from metrics_store.review.versions.changelog_words import sentences_told, told_of
from metrics_store.review.versions.metric_history import Event, Step
from review.history import History

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = """# Changelog

win_rate is a word in no item.

- `win_rate` came.
- Other things: `win_rate_amount`.
"""
AFTER = """# Changelog

### Changed
- **`win_rate` counts closed opportunities
  of the quarter**, open ones no longer. Nothing else is said here; `won_count` is as it was.
- `win_rate_amount` is another metric.
    - Within: win_rate too.

- `win_rate` came.
- Other things: `win_rate_amount`.
"""


def test_sentences_that_name_it_and_are_new() -> None:
    assert sentences_told(BEFORE, AFTER, ["win_rate"]) == [
        "win_rate counts closed opportunities of the quarter, open ones no longer.",
        "Within: win_rate too.",
    ]
    assert sentences_told(AFTER, AFTER, ["win_rate"]) == []
    assert sentences_told("", BEFORE, ["win_rate"]) == ["win_rate came."]
    assert sentences_told("", BEFORE, ["win_rate", "win_rate_amount"]) == [
        "win_rate came.",
        "Other things: win_rate_amount.",
    ]


def test_of_many_names_only_its_own_is_told() -> None:
    names = ", ".join(f"`metric_{number}`" for number in range(9))
    item = f"- New versions: {names}, `win_rate` and `won_count`. `metrics query win_rate --by x`."
    assert sentences_told("", item, ["win_rate"]) == ["New versions: win_rate and 10 more."]
    [long] = sentences_told("", "- " + "word " * 100 + "`win_rate`.", ["win_rate"])
    assert long.endswith("word …")
    assert len(long) <= 402


def test_a_step_is_told_what_came_since_the_last_one(tmp_path: Path) -> None:
    history = History(tmp_path / "repository", "shop")
    history.write("CHANGELOG.md", BEFORE)
    history.commit("told")
    history.write("CHANGELOG.md", AFTER)
    history.commit("told more")
    history.write("README.md", "words")
    history.commit("words")
    first, told, _, last = (one.hash for one in first_parents(history.project))

    def revision(commit: str) -> Revision:
        return Revision(commit, commit, "", None, commit)

    steps = [Step(revision(one), []) for one in (first, told, last)]
    events = [
        Event(revision(one), {"name": "win_rate", "old_name": None}) for one in (last, told, first)
    ]
    assert told_of(events, steps, history.project) == {
        told: ["win_rate came."],
        last: sentences_told(BEFORE, AFTER, ["win_rate"]),
    }
