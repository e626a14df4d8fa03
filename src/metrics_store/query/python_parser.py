"""Python's own parser, one thread at a time."""

from __future__ import annotations

import ast
import threading

# In some releases of Python 3.11 and 3.12 two threads make each other fail with a SystemError, when
# garbage is collected meanwhile: https://github.com/python/cpython/issues/106905
_PARSING = threading.Lock()


def parse_expression(text: str) -> ast.expr:
    """Give the tree of an expression; nothing is evaluated.

    Raises:
        SyntaxError: It is none; or ValueError, RecursionError or MemoryError, as Python has it.
    """
    with _PARSING:
        return ast.parse(text, mode="eval").body  # noqa: TID251 - here it is alone
