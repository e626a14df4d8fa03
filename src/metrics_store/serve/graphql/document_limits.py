"""Limits of a document's cost, checked before it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from metrics_store.errors import LimitExceededError, MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TOKENS = 4_000
MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 16
MAX_FIELDS = 400
MAX_ALIASES = 10
MAX_OPERATIONS = 10
MAX_LIST = 200


@dataclass(frozen=True)
class Cost:
    """What selections cost, with fragments counted wherever they are spread.

    Attributes:
        depth: How many fields are inside one another.
        fields: How many fields there are.
        aliases: How many of them have other names.
        first: How many of them stand outermost: each of these can cost a query.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    first: int = 0


def check_document(document: DocumentNode) -> None:
    """Refuse a document that is too deep or too large.

    Raises:
        LimitExceededError: It goes over a limit, which the error names.
        MetricsStoreError: A fragment spreads itself.
    """
    fragments = {
        node.name.value: node.selection_set
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    known: dict[str, Cost | None] = {}
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            _check(_cost(operation.selection_set, fragments, known))


def check_arguments(arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that are longer lists than any client needs.

    Raises:
        LimitExceededError: One is too long; the error names it.
    """
    for name, value in arguments.items():
        if isinstance(value, list) and len(value) > MAX_LIST:
            raise LimitExceededError(f"`{name}` is too long", expected=f"at most {MAX_LIST}")


def _check(cost: Cost) -> None:
    for what, found, most in (
        ("nested fields", cost.depth, MAX_DEPTH),
        ("fields", cost.fields, MAX_FIELDS),
        ("aliases", cost.aliases, MAX_ALIASES),
        ("operations", cost.first, MAX_OPERATIONS),
    ):
        if found > most:
            raise LimitExceededError(
                f"the document has too many {what}", expected=f"at most {most}"
            )


def _cost(
    selections: SelectionSetNode,
    fragments: dict[str, SelectionSetNode],
    known: dict[str, Cost | None],
) -> Cost:
    total = Cost()
    for node in selections.selections:
        inner = Cost()
        if isinstance(node, FieldNode):
            if node.selection_set:
                inner = _cost(node.selection_set, fragments, known)
            inner = Cost(
                depth=inner.depth + 1,
                fields=inner.fields + 1,
                aliases=inner.aliases + (node.alias is not None),
                first=1,
            )
        elif isinstance(node, InlineFragmentNode):
            inner = _cost(node.selection_set, fragments, known)
        elif isinstance(node, FragmentSpreadNode):
            inner = _cost_of_fragment(node.name.value, fragments, known)
        total = Cost(
            depth=max(total.depth, inner.depth),
            fields=total.fields + inner.fields,
            aliases=total.aliases + inner.aliases,
            first=total.first + inner.first,
        )
    return total


def _cost_of_fragment(
    name: str, fragments: dict[str, SelectionSetNode], known: dict[str, Cost | None]
) -> Cost:
    # One that does not exist is refused when the document is validated.
    if name not in fragments:
        return Cost()
    if name not in known:
        known[name] = None
        known[name] = _cost(fragments[name], fragments, known)
    cost = known[name]
    if cost is None:
        raise MetricsStoreError("a fragment spreads itself", where=name)
    return cost
