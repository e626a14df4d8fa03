"""What is wrong with a call of a tool, in the words of tools and not of a terminal."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

# What errors tell people at a terminal, and what does the same here.
_TOOLS = (
    (re.compile(r"`metrics list METRIC`"), "get_dimensions of the metric"),
    (re.compile(r"`metrics list --saved-queries`"), "list_saved_queries"),
    (re.compile(r"`metrics list (\w+)`"), r"get_dimensions of \1"),
    (re.compile(r"`metrics list`"), "list_metrics"),
    (
        re.compile(r"(?<![\w-])--([a-z]+)-?([a-z]*)"),
        lambda found: "_".join(filter(None, found.groups())),
    ),
)
_OPTION = re.compile(r"(?<![\w-])--([a-z]+(?:-[a-z]+)*)")


def told(error: MetricsStoreError) -> str:
    """Tell an assistant what is wrong, where, what was expected and what to do."""
    text = error.public()
    for words, tool in _TOOLS:
        text = words.sub(tool, text)
    return _OPTION.sub(lambda found: found[1].replace("-", "_"), text)


def unknown_tool(name: str, tools: Iterable[str]) -> MetricsStoreError:
    """Say that there is no such tool, and which there are."""
    names = sorted(tools)
    near = difflib.get_close_matches(name, names, n=1)
    return MetricsStoreError(
        "there is no such tool",
        where=name,
        expected=f"one of {', '.join(names)}",
        remedy=f"call {near[0] if near else 'query_metrics'} instead",
    )
