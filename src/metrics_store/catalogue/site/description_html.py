"""Renders descriptions, which are untrusted Markdown, to safe HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_SAFE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def _only_links_to_the_web(state: StateCore) -> None:
    """Leave of other links their words alone: a relative one would lead nowhere from here."""
    for block in state.tokens:
        if block.children is not None:
            block.children = _without_odd_links(block.children)


def _without_odd_links(tokens: list[Token]) -> list[Token]:
    kept, dropping = [], False
    for token in tokens:
        if token.type == "link_open":
            dropping = not _SAFE.match(str(token.attrs.get("href", "")))
            token.attrSet("rel", "noopener noreferrer")
        if not (dropping and token.type in {"link_open", "link_close"}):
            kept.append(token)
    return kept


# Headings would stand among the page's own; pictures would be fetched.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKDOWN.disable(["image", "heading", "lheading"])
_MARKDOWN.core.ruler.push("only_links_to_the_web", _only_links_to_the_web)


def prose(text: str) -> Markup:
    """Render a description."""
    # What the library writes is escaped: HTML is off.
    return Markup(_MARKDOWN.render(text))  # noqa: S704


def first_sentence(text: str, longest: int = 160) -> str:
    """Give what a list says of a thing."""
    flat = " ".join(text.split())
    sentence = _SENTENCE_END.split(flat, maxsplit=1)[0]
    return sentence if len(sentence) <= longest else sentence[: longest - 1].rstrip() + "…"
