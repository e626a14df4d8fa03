"""The arguments of a call, each of the type that it must be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeVar

from metrics_store.query.calls.object_parser import source_text, unexpected_form
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.parser.filter_parser import parse_filters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from metrics_store.query.filters.filter_tree import Filter

Read = TypeVar("Read")

_MOST_FILTERS = 100


class CallArguments:
    """The arguments of a call, by name.

    Args:
        call: The call, such as `semantic_layer.query(limit=3)`.
        known: The names that its arguments may have.

    Raises:
        MetricsStoreError: An argument has no name, another name, or the name of an earlier one.
    """

    def __init__(self, call: ast.Call, known: Collection[str]) -> None:
        names = ", ".join(known)
        expected = "arguments by name: " + names if names else "no arguments"
        if call.args:
            raise rejected("an argument has no name", source_text(call.args[0]), expected=expected)
        self._given: dict[str, ast.expr] = {}
        for keyword in call.keywords:
            if keyword.arg is None or keyword.arg not in known:
                raise rejected("there is no such argument", source_text(keyword), expected=expected)
            if keyword.arg in self._given:
                raise rejected("an argument is given twice", source_text(keyword))
            if not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
                self._given[keyword.arg] = keyword.value

    def __contains__(self, name: str) -> bool:
        """Whether an argument is given and is not none."""
        return name in self._given

    def require(self, name: str, example: str) -> None:
        """Reject a call without an argument.

        Raises:
            MetricsStoreError: It is not given.
        """
        if name not in self:
            raise rejected(f"the argument `{name}` is missing", expected=f"such as {example}")

    def each(self, name: str, read: Callable[[ast.expr], Read]) -> list[Read]:
        """Parse every element of a list; what is not in a list is taken as its one element."""
        node = self._given.get(name)
        if node is None:
            return []
        nodes = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
        return [read(element) for element in nodes]

    def text(self, name: str) -> str:
        """Parse a text; empty where it is not given."""
        texts = self.each(name, _text)
        if len(texts) > 1:
            raise unexpected_form(self._given[name], "one text")
        return texts[0] if texts else ""

    def flag(self, name: str) -> bool:
        """Parse True or False; False where it is not given."""
        node = self._given.get(name, ast.Constant(value=False))
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return node.value
        raise unexpected_form(node, f"{name}=True or {name}=False")

    def number(self, name: str, least: int) -> int | None:
        """Parse a whole number that is not below the least; none where it is not given."""
        node = self._given.get(name)
        if node is None:
            return None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            raise rejected(
                f"`{name}` is below {least}", source_text(node), expected=f"{least} or more"
            )
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, bool) or not isinstance(value, int):
            raise unexpected_form(node, f"a whole number, such as {name}=10")
        if value < least:
            raise rejected(
                f"`{name}` is below {least}", source_text(node), expected=f"{least} or more"
            )
        return value

    def filters(self, name: str) -> Filter | None:
        """Parse a text or a list of texts that must all hold."""
        texts = self.each(name, _text)
        if len(texts) > _MOST_FILTERS:
            raise rejected(
                f"{len(texts)} filters are too many", expected=f"at most {_MOST_FILTERS}"
            )
        return parse_filters(texts)


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise unexpected_form(node, "a text, such as \"{{ Dimension('order__status') }} = 'paid'\"")
