"""What `config.meta` says of a metric, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Words = Mapping[str, Mapping[str, str]]

# What config.meta may say, in the order in which it is shown.
FACTS = ("owner", "tier", "version", "unit", "direction", "source")


@dataclass(frozen=True)
class Fact:
    """One thing that is said of a metric.

    Attributes:
        name: What it is about, such as `Owner`.
        value: What is said, as people write it.
        words: What that means, a text a word of it that the project explains.
    """

    name: str
    value: str
    words: tuple[str, ...] = ()


def facts_of(meta: Mapping[str, Any]) -> dict[str, str]:
    """Give what `config.meta` says, by its key."""
    return {fact: str(meta[fact]) for fact in FACTS if meta.get(fact) not in (None, "", [], {})}


def explained(facts: Mapping[str, str], words: Words, unit_name: str = "") -> tuple[Fact, ...]:
    """Explain facts.

    Args:
        facts: What is said, by its key.
        words: Key -> what each value, or each word of it, means here.
        unit_name: What the unit is called in answers, such as `USD`.
    """
    return tuple(
        Fact(
            name.capitalize(),
            _written(name, value, unit_name),
            _meanings(value, words.get(name, {})),
        )
        for name, value in facts.items()
    )


def _written(name: str, value: str, unit_name: str) -> str:
    if name == "direction" and value in {"higher", "lower"}:
        return f"{value} is better"
    if name == "unit":
        text = value.replace("_", " ")
        return f"{text} ({unit_name})" if unit_name and unit_name != text else text
    return value.replace("_", " ") if name in {"owner", "tier"} else value


def _meanings(value: str, known: Mapping[str, str]) -> tuple[str, ...]:
    if value in known:
        return (known[value],)
    parts = value.split()
    return tuple(f"{one}: {known[one]}" for one in parts if one in known)
