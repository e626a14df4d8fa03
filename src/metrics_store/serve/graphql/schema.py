"""The schema with its resolvers."""

from __future__ import annotations

import functools
import operator
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLDirective,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_object_type,
)

from metrics_store.serve.graphql import listing_resolvers, query_resolvers
from metrics_store.serve.graphql.document_limits import check_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics_store.serve.graphql.context import Context
    from metrics_store.serve.graphql.request_arguments import Operation

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")
_DIGITS = re.compile(r"-?[0-9]{1,20}", re.ASCII)


@functools.cache
def schema() -> GraphQLSchema:
    """Give the schema; it is the same for every server in the process."""
    built = build_schema((files(__package__) / "schema.graphql").read_text(encoding="utf-8"))
    for kind in built.type_map.values():
        if is_object_type(kind) and not kind.name.startswith("__"):
            _resolve(kind)
    number = built.type_map["BigInt"]
    assert isinstance(number, GraphQLScalarType)  # noqa: S101 - for the type checker
    # What a schema's text cannot say.
    number.coerce_input_value = _whole_number
    built.directives = tuple(map(_for_older_readers, built.directives))
    return built


def _for_older_readers(directive: GraphQLDirective) -> GraphQLDirective:
    """Give a directive without the place that readers of before 2025 take for none.

    Nothing in the schema uses it there.
    """
    known = tuple(one for one in directive.locations if one.name != "DIRECTIVE_DEFINITION")
    if known == directive.locations:
        return directive
    return GraphQLDirective(
        directive.name,
        known,
        args=directive.args,
        is_repeatable=directive.is_repeatable,
        description=directive.description,
    )


def _resolve(kind: GraphQLObjectType) -> None:
    operations = {**listing_resolvers.OPERATIONS, **query_resolvers.OPERATIONS}
    fields = {**listing_resolvers.FIELDS, **query_resolvers.FIELDS}
    for name, field in kind.fields.items():
        full = f"{kind.name}.{name}"
        if full in operations:
            field.resolve = _operation(operations[full])
        else:
            field.resolve = fields.get(full) or _attribute(_HUMP.sub("_", name).lower())


def _operation(work: Operation) -> Callable[..., Any]:
    def resolve(_root: None, info: GraphQLResolveInfo[Context], **given: Any) -> Any:  # noqa: ANN401 - as GraphQL calls it
        check_arguments(given)
        return work(info.context, given)

    return resolve


def _attribute(name: str) -> Callable[..., object]:
    get = operator.attrgetter(name)

    def resolve(source: object, _info: object) -> object:
        found: object = get(source)
        return found

    return resolve


def _whole_number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    raise GraphQLError("BigInt must be a whole number, given as a number or as text")
