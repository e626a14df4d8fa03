"""Pages as a browser's parser sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_EMPTY = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle"}
# Their words do not run on from those before them.
_APART = {"td", "th", "dt", "dd", "li", "p", "h1", "h2", "h3", "caption", "pre", "summary", "title"}
_CLOSED_BY_HAND = {"path", "rect", "circle"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    path: Path
    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))
        self.close()
        self.faults += [f"{one.tag} is not closed" for one in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag in _APART:
            self.handle_data(" ")
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        # A path may hold a title, and is then closed.
        if tag in _CLOSED_BY_HAND:
            return
        if not self.open or self.open[-1].tag != tag:
            self.faults.append(f"</{tag}> in {[one.tag for one in self.open]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, name: str = "") -> list[Element]:
        """Give the elements of a tag, of a class where one is named."""
        return [
            one
            for one in self.elements
            if one.tag == tag and (not name or name in one.attributes.get("class", "").split())
        ]

    @property
    def text(self) -> str:
        """All that is to be read in its body."""
        return " ".join(self.all("body")[0].text.split())
