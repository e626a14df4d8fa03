"""What people call things, as text that Markdown leaves as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.client import ListedDimension

METRIC_TIME = "metric_time"
_SIGNS = frozenset("\\`*_{}[]()#+-.!|<>~$:&\"'@/")


def label_of(dimension: ListedDimension) -> str:
    """Give what people call a dimension: its label, or its name in words."""
    return dimension.label or words(dimension.qualified_name)


def words(name: str) -> str:
    """Give a name in words: `customer__region` is "Customer: region", a grain of time its name."""
    *path, last = name.removeprefix(f"{METRIC_TIME}__").split("__")
    text = ": ".join([*(one.replace("_", " ") for one in path), last.replace("_", " ")])
    return f"{text[:1].upper()}{text[1:]}"


def plain(text: str) -> str:
    """Give text of the definitions or the data as Markdown that shows it and does nothing else.

    Streamlit reads labels, captions and messages as Markdown, which may load images from anywhere.
    """
    kept = "".join(f"\\{one}" if one in _SIGNS else one for one in text)
    return kept.replace("\n", "  \n")
