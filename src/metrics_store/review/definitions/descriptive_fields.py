"""The fields of a definition that describe it: description, label and `config.meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import Field, Rule, set_field, text_field

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a reader takes the number for: another unit or direction is another number to them.
_MEANING = ("unit", "direction")
_OFFERS = "grains"
_NOTICE = "deprecated"
_VERSION = "version"


def descriptive_fields(defined: dict[str, Any]) -> Iterator[Field]:
    """Give the description, the label and the fields of `config.meta`.

    A unit, a direction or the grains of a metric are more than words.
    """
    yield text_field("description", defined.get("description") or "")
    yield text_field("label", defined.get("label") or "")
    for key, value in sorted(meta_of(defined).items()):
        name = f"config.meta.{key}"
        if key == _OFFERS:
            yield set_field(name, value, Rule.OFFERS)
        elif key in _MEANING:
            yield text_field(name, value, Rule.MEANING)
        elif key == _NOTICE:
            yield text_field(name, value, Rule.NOTICE)
        else:
            yield text_field(name, value, Rule.VERSION if key == _VERSION else Rule.WORDING)


def meta_of(defined: dict[str, Any]) -> dict[str, Any]:
    """Give `config.meta` of something in a manifest; empty where it has none."""
    meta = (defined.get("config") or {}).get("meta")
    return meta if isinstance(meta, dict) else {}
