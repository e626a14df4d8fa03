"""Checks the form of an Ossie document against the JSON schema of its version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from metrics_store.interchange.ossie.checks.ossie_schema import json_schema
from metrics_store.interchange.ossie.ossie_problems import OssieProblem, path_of
from metrics_store.interchange.ossie.ossie_versions import VERSIONS, OssieVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema import ValidationError

    from metrics_store.interchange.ossie.checks.ossie_schema import Schema
    from metrics_store.interchange.ossie.ossie_problems import Step

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
}
_LONGEST_VALUE = 60


def version_of(document: dict[str, Any]) -> OssieVersion | OssieProblem:
    """Give the version that a document says it is, or what is wrong with what it says."""
    said = document.get("version")
    known = VERSIONS.get(said) if isinstance(said, str) else None
    if known is not None:
        return known
    found = "no version is given" if said is None else f"the version is {_shown(said)}"
    return OssieProblem("version", found, f"one of {', '.join(VERSIONS)}")


def schema_problems(document: dict[str, Any], version: OssieVersion) -> Iterator[OssieProblem]:
    """Find what is not as the JSON schema of the version has it."""
    yield from problems_by(json_schema(version), document, ())


def problems_by(schema: Schema, content: object, within: Iterable[Step]) -> Iterator[OssieProblem]:
    """Find what is not as a JSON schema has it.

    Args:
        schema: The schema.
        content: What is checked.
        within: Where in the document it stands.
    """
    for error in Draft202012Validator(schema).iter_errors(content):
        yield from _problems(error, [*within, *error.absolute_path])


def _problems(error: ValidationError, path: list[Step]) -> Iterator[OssieProblem]:
    where, rule, value = path_of(path), error.validator, error.instance
    wanted: Any = error.validator_value
    if rule == "required":
        for name in sorted(set(wanted) - set(value)):
            yield OssieProblem(where, f"`{name}` is missing", f"the key `{name}`")
    elif rule == "additionalProperties":
        known: list[str] = sorted(error.schema["properties"])
        for name in sorted(map(str, set(value) - set(known))):
            yield OssieProblem(
                path_of([*path, name]), "the key is unknown", f"one of {', '.join(known)}"
            )
    elif rule == "type":
        kinds: list[str] = [wanted] if isinstance(wanted, str) else wanted
        expected = " or ".join(_TYPES[one] for one in kinds)
        yield OssieProblem(where, f"it is {_kind(value)}: {_shown(value)}", expected)
    elif rule in ("enum", "const"):
        choices = wanted if rule == "enum" else [wanted]
        yield OssieProblem(where, f"it is {_shown(value)}", f"one of {', '.join(choices)}")
    elif rule == "pattern":
        yield OssieProblem(where, f"it is {_shown(value)}", "a reference such as `ref('orders')`")
    elif rule in ("minProperties", "maxProperties"):
        choices = list(error.schema["properties"])
        yield OssieProblem(where, f"it has {len(value)} keys", f"one key, of {', '.join(choices)}")
    else:
        # What is left are texts and lists that must not be empty.
        what = "text" if rule == "minLength" else "at least one entry"
        yield OssieProblem(where, "it is empty", what)


def _kind(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a mapping", list: "a list", str: "text", int: "a number", float: "a number"}
    return names.get(type(value), "a date")


def _shown(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
