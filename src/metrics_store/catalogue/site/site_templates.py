"""The templates of the site; whatever is put into them is escaped."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from metrics_store.catalogue.site import page_addresses
from metrics_store.catalogue.site.charts.graph_layout import NODE_HEIGHT, NODE_WIDTH
from metrics_store.catalogue.site.charts.line_chart import HEIGHT, WIDTH
from metrics_store.catalogue.site.charts.number_formats import format_value
from metrics_store.catalogue.site.description_html import first_sentence, prose
from metrics_store.query.output.column_units import unit_of
from metrics_store.query.output.text_formats import is_number

if TYPE_CHECKING:
    import pyarrow as pa

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
        "written": format_value,
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


def as_rows(table: pa.Table) -> dict[str, Any]:
    """Give an answer for a table: its columns with their units, and rows of written values."""
    columns = [
        {"name": field.name, "unit": unit_of(field), "is_number": is_number(field)}
        for field in table.schema
    ]
    rows = [[format_value(value) for value in row.values()] for row in table.to_pylist()]
    return {"columns": columns, "rows": rows}


def _cut(text: str) -> str:
    """Leave out the middle of a long name: long ones begin alike and end differently."""
    if len(text) <= _LONGEST_NAME:
        return text
    return f"{text[: _LONGEST_NAME // 2 - 2]}…{text[-_LONGEST_NAME // 2 - 1 :]}"
