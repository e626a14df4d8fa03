"""A definition with its fields, and what a change of each field means."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass, field


class Rule(enum.Enum):
    """What a change of a field means to those who read the numbers."""

    VALUE = "value"  # values can differ, or a name in requests goes: major
    MEANING = (
        "meaning"  # readers take it for another number, as with a unit: major, minor if first said
    )
    WORDING = "wording"  # only words differ: patch
    OFFERS = "offers"  # a set: more in it is minor, less is major
    NOTICE = "notice"  # said to readers, such as a deprecation: minor when it comes or goes
    VERSION = "version"  # the version itself, which follows from all else


class Kind(enum.Enum):
    """What is defined."""

    METRIC = "metric"
    DIMENSION = "dimension"
    ENTITY = "entity"
    GRAIN = "grain"
    SAVED_QUERY = "saved query"


@dataclass(frozen=True)
class Field:
    """One field of a definition.

    Attributes:
        name: Its path, such as `filter` or `config.meta.unit`.
        rule: What a change of it means.
        value: What is compared: equal means the same. Of a field that holds what others define, it
            has their fingerprints.
        own_value: The same without what others define; equal where only they changed.
        display: What people read.
        items: Of a set, its members.
    """

    name: str
    rule: Rule
    value: str
    own_value: str
    display: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A metric, a dimension, an entity of a semantic model, a grain or a saved query.

    Attributes:
        kind: What it is.
        name: Its name in requests; an entity is named with its semantic model.
        fields: Its fields by name.
        uses: Identities of the definitions it is made of.
        models: dbt's unique ids of the models that it reads directly.
        file: Where it is defined, below the project.
        meta: Its `config.meta`.
        label: What people call it.
    """

    kind: Kind
    name: str
    fields: dict[str, Field]
    uses: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    file: str = ""
    meta: dict[str, object] = field(default_factory=dict)
    label: str = ""

    @property
    def identity(self) -> str:
        """The name among all definitions, such as `metric win_rate`."""
        return identity(self.kind, self.name)

    @property
    def short_name(self) -> str:
        """The name in requests: without that of the semantic model."""
        return self.name.split(" of ")[0]

    @property
    def fingerprint(self) -> str:
        """What its values depend on; equal for two definitions that always give the same."""
        names = sorted(one.name for one in self.fields.values() if one.rule is Rule.VALUE)
        return fingerprint(*[(name, self.fields[name].value) for name in names])

    @property
    def owner(self) -> str:
        """Who answers for it; empty where nobody does."""
        return str(self.meta.get("owner") or "")


def identity(kind: Kind, name: str) -> str:
    """Give the name of something among all definitions."""
    return f"{kind.value} {name}"


def fingerprint(*parts: object) -> str:
    """Give the hash of parts: texts, numbers, and tuples and lists of them, in order."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def value_field(
    name: str, value: object, display: str | None = None, own_value: object = None
) -> Field:
    """Make a field whose change can change values.

    Args:
        name: Its path.
        value: What is compared.
        display: What people read; the value itself where it is left out.
        own_value: The value without what others define; the value itself where it is left out.
    """
    text = display if display is not None else _text(value)
    return Field(name, Rule.VALUE, fingerprint(value), fingerprint(own_value or value), text)


def text_field(name: str, value: object, rule: Rule = Rule.WORDING) -> Field:
    """Make a field of text for people; line breaks do not count."""
    text = " ".join(value.split()) if isinstance(value, str) else _text(value)
    return Field(name, rule, fingerprint(text), fingerprint(text), text)


def set_field(name: str, items: object, rule: Rule) -> Field:
    """Make a field that is a set."""
    members = tuple(sorted(str(one) for one in items)) if isinstance(items, list | tuple) else ()
    return Field(
        name, rule, fingerprint(members), fingerprint(members), ", ".join(members), members
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
