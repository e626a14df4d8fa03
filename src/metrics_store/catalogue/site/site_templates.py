"""The templates of the site; whatever is put into them is escaped."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from metrics_store.catalogue.site import page_addresses
from metrics_store.catalogue.site.charts.chart_parts import FEW
from metrics_store.catalogue.site.charts.graph_layout import NODE_HEIGHT, NODE_WIDTH
from metrics_store.catalogue.site.charts.line_chart import HEIGHT, WIDTH
from metrics_store.catalogue.site.description_html import first_sentence, prose

if TYPE_CHECKING:
    from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer

_PACKAGE = "metrics_store.catalogue.site"
ASSETS = ("site.css", "site.js", "theme.js")
# What fits into a node.
_LONGEST_NAME = 21


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "prose": prose,
        "sentence": first_sentence,
        "cut": _cut,
        "slug": page_addresses.slug,
    }
    environment.globals |= {
        "page_of": page_addresses.page,
        "relation_anchor": page_addresses.relation_anchor,
        "node_width": NODE_WIDTH,
        "node_height": NODE_HEIGHT,
        "plot_width": WIDTH,
        "plot_height": HEIGHT,
        "as_rows": as_rows,
        "few": FEW,
    }
    return environment


def render(template: str, address: str, **content: Any) -> str:  # noqa: ANN401 - what a page says
    """Render one page.

    Args:
        template: Name of the template, without its ending.
        address: Where the page lies, from the site's root.
        content: What the page says.
    """
    root = "../" * address.count("/")
    text: str = _environment().get_template(f"{template}.html.jinja").render(root=root, **content)
    return text


def assets() -> dict[str, str]:
    """Give the files that every page uses, by their address."""
    directory = resources.files(_PACKAGE) / "assets"
    return {f"assets/{name}": (directory / name).read_text(encoding="utf-8") for name in ASSETS}


def as_rows(readable: ReadableAnswer | None) -> dict[str, Any]:
    """Give an answer for a table: its columns with their units, and rows of written values."""
    if readable is None:
        return {"columns": [], "rows": []}
    names = readable.table.column_names
    columns = [
        {"name": head, "unit": readable.unit(name), "is_number": readable.is_number(name)}
        for name, head in zip(names, readable.heads, strict=True)
    ]
    return {"columns": columns, "rows": list(zip(*map(readable.texts, names), strict=True))}


def _cut(text: str) -> str:
    """Leave out the middle of a long name: long ones begin alike and end differently."""
    if len(text) <= _LONGEST_NAME:
        return text
    return f"{text[: _LONGEST_NAME // 2 - 2]}…{text[-_LONGEST_NAME // 2 - 1 :]}"
