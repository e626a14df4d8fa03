"""The report as Markdown, for a pull request, and as one HTML page."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from metrics_store.review.report import block_sentences, sentences
from metrics_store.review.report.change_blocks import change_blocks

# GitHub takes comments up to 65,536 characters.
_LONGEST = 60_000
_MARKDOWN = re.compile(r"([\\`*{}\[\]<>#|~!])")


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("metrics_store.review.report", "pages"),
        autoescape=autoescape,  # noqa: S701 - Markdown has escaping of its own
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["sentences"] = sentences
    environment.globals["block_sentences"] = block_sentences
    environment.globals["change_blocks"] = change_blocks
    environment.filters["plain"] = plain
    environment.filters["code"] = _code
    environment.filters["fence"] = _fence
    return environment


def plain(text: str) -> str:
    """Keep Markdown from taking a text for anything but text."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def _code(text: str) -> str:
    """Give a text as a span of code, which also stands in a cell of a table."""
    text = " ".join(str(text).split()).replace("|", "\\|")
    if not text:
        return ""
    ticks = "`" * (1 + max((len(one) for one in re.findall("`+", text)), default=0))
    return f"{ticks} {text} {ticks}" if "`" in text else f"{ticks}{text}{ticks}"


def _fence(lines: list[str]) -> str:
    """Give a fence for a block of code, longer than any in it."""
    return "`" * (
        3 + max((len(one) for line in lines for one in re.findall("`+", line)), default=0)
    )


def as_markdown(document: dict[str, Any]) -> str:
    """Write a review as Markdown, short enough for a comment."""
    template = _environment(autoescape=False).get_template("report.md.jinja")
    text = template.render(document=document, details=True)
    if len(text) <= _LONGEST:
        return text
    short = template.render(document=document, details=False)
    if len(short) <= _LONGEST:
        return short
    cut = short[:_LONGEST].rsplit("\n", 1)[0]
    return f"{cut}\n\n(cut here: the whole report is longer than a comment may be)\n"


def as_html(document: dict[str, Any]) -> str:
    """Write a review as one HTML page that needs no network."""
    return _environment(autoescape=True).get_template("report.html.jinja").render(document=document)
