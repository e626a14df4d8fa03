"""What is wrong with plain values that should be a form: what, where, and what to do."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any, TypeGuard, get_args

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

_LONGEST_PLACE = 80
_KINDS = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}
_KINDS |= {list: "a list", tuple: "a list", dict: "an object", type(None): "null"}
_INSTANT = "a day such as 2024-01-31, or a time such as 2024-01-31T08:00:00"
# By the names that the validator has for what is wrong: what it is, and what is expected.
_WRONG = {
    "greater_than_equal": ("is too small", "{ge} or more"),
    "less_than_equal": ("is too large", "{le} at most"),
    "string_too_long": ("is too long", "at most {max_length} characters"),
    "too_long": ("has too many entries", "at most {max_length}"),
    "too_short": ("has too few entries", "at least {min_length}"),
    "string_unicode": ("has characters that are none", "a text in Unicode"),
    "value_error": ("cannot be read", "{error}"),
    "literal_error": ("has a value that is not known", "{expected}"),
}
_EXPECTED = {
    "string_type": "a text",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
# What keys are called elsewhere.
_MEANT = {
    "granularity": "grain",
    "time_granularity": "grain",
    "desc": "descending",
    "dimensions": "group_by",
    "dimension": "group_by",
    "filter": "where",
    "filters": "where",
    "query": "search",
    "sort": "order_by",
    "sort_by": "order_by",
    "order": "order_by",
    "top": "limit",
    "max_rows": "limit",
    "start_date": "start_time",
    "from": "start_time",
    "end_date": "end_time",
    "to": "end_time",
    "last": "period",
    "time_range": "period",
    "date_range": "period",
}


def form_error(
    error: ValidationError, form: type[BaseModel], given: Mapping[str, Any], whole: str
) -> MetricsStoreError:
    """Say what is wrong first; what else there may be is said once that is mended.

    Args:
        error: What the validator found.
        form: The form.
        given: The values.
        whole: What they are together, such as "the question".
    """
    found = error.errors(include_input=False, include_url=False)
    # Where a value may be of several kinds, the one that it comes nearest to says what is wrong.
    first = max(found, key=lambda one: len(_place(one, given)[0]))
    place, value = _place(first, given)
    where = ".".join(str(part)[:_LONGEST_PLACE] for part in place)
    keys = [part for part in place if isinstance(part, str)]
    inner = _form_at(form, keys)
    if first["type"] == "extra_forbidden":
        return unknown_key(where, inner.model_fields, whole)
    # A value may be one of several kinds: each says that it is not it.
    kinds = [
        _EXPECTED[one["type"]]
        for one in found
        if one["type"] in _EXPECTED and _place(one, given)[0] == place
    ]
    if first["type"] == "missing":
        what, expected = f"{whole} lacks `{where}`", ""
    elif first["type"] in _WRONG:
        said, expected = (one.format_map(first.get("ctx", {})) for one in _WRONG[first["type"]])
        what = f"`{where}` {said}"
    elif kinds:
        what, expected = f"`{where}` cannot be {_kind(value)}", " or ".join(dict.fromkeys(kinds))
    else:
        what, expected = f"`{where}` is no day and no time", _INSTANT
    return MetricsStoreError(what, where=where, expected=expected, remedy=_remedy(inner, keys[-1]))


def unknown_key(place: str, known: Iterable[str], whole: str) -> MetricsStoreError:
    """Say that there is no such key, and which there are, the likeliest first."""
    names = list(known)
    key = place.rpartition(".")[2]
    meant = [_MEANT[key]] if _MEANT.get(key) in names else []
    near = meant or difflib.get_close_matches(key, names, n=1)
    return MetricsStoreError(
        f"{whole} has a key that is not known",
        where=place,
        expected=f"one of {', '.join(names)}",
        remedy=f"did you mean `{near[0]}`?" if near else "",
    )


def _place(detail: ErrorDetails, given: object) -> tuple[tuple[str | int, ...], object]:
    """Find where it is, without the kinds that the validator tried there, and what is there."""
    place: list[str | int] = []
    for part in detail["loc"]:
        try:
            given = given[part]  # type: ignore[index]
        except (TypeError, LookupError):
            continue
        place.append(part)
    if detail["type"] == "missing":
        return (*place, detail["loc"][-1]), None
    return tuple(place), given


def _form_at(form: type[BaseModel], keys: Sequence[str]) -> type[BaseModel]:
    """Find the form that the last key is of, which may be one within the form."""
    for key in keys[:-1]:
        field = form.model_fields.get(key)
        form = next(_forms(field.annotation), form) if field else form
    return form


def _forms(annotation: object) -> Iterator[type[BaseModel]]:
    """Find the forms among the kinds that a value may be of."""
    if _is_form(annotation):
        yield annotation
    for one in get_args(annotation):
        yield from _forms(one)


def _is_form(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and hasattr(kind, "model_fields")


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "such a value")


def _remedy(form: type[BaseModel], key: str) -> str:
    """Show how the key is written, by the form's own example."""
    field = form.model_fields.get(key)
    if field is None or not field.examples:
        return ""
    return f"write it as {json.dumps({key: field.examples[0]})}"
