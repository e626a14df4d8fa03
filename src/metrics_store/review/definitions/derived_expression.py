"""The expression of a derived metric, whatever its inputs are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.relations import condition_fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable


def derived_expression(
    parameters: dict[str, Any], value: Callable[[dict[str, Any]], str], dialect: str
) -> str:
    """Give the fingerprint of a derived metric's expression over its inputs.

    Args:
        parameters: The metric's `type_params`.
        value: Gives the fingerprint of an input.
        dialect: The dialect of the expression.
    """
    inputs = {
        str(used.get("alias") or used["name"]).lower(): value(used)
        for used in parameters.get("metrics") or ()
    }
    expression = str(parameters.get("expr") or "")
    return condition_fingerprint(expression, lambda name: inputs.get(name.lower(), name), dialect)
