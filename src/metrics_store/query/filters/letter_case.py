"""Lower and upper case by Unicode, the same in Python, DuckDB, PostgreSQL and Spark.

PostgreSQL folds by a locale that no two databases share, and Spark makes `SS` of `ß`. What is not
ASCII is therefore mapped letter by letter there; DuckDB does so by itself.
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING

from metrics_store.query.dialects.dialect import Folding

if TYPE_CHECKING:
    from collections.abc import Callable

# What has more than one letter in Python, and one in DuckDB.
_ODD_LOWER = {"\u0130": "i"}
_ODD_UPPER = {"\u00df": "\u1e9e"}
_FIRST, _BEYOND = 0x80, 0x1F000


def lower(text: str) -> str:
    """Give a text in small letters."""
    return text.translate(_table(capital=False) | {ord(c): c.lower() for c in _ascii()})


def upper(text: str) -> str:
    """Give a text in capital letters."""
    return text.translate(_table(capital=True) | {ord(c): c.upper() for c in _ascii()})


def folded(text: str, folding: Folding, *, capital: bool) -> str:
    """Write the SQL for a text in capital or small letters.

    Args:
        text: SQL of the text.
        folding: How it is done.
        capital: Whether letters become capital.
    """
    function = "upper" if capital else "lower"
    if folding is Folding.OWN:
        return f"{function}({text})"
    table = _table(capital=capital)
    before, after = "".join(map(chr, table)), "".join(table.values())
    if folding is Folding.LOCALE:
        plain = mapped = f'{function}({text} COLLATE "C")'
    else:
        plain, mapped = f"{function}({text})", text
        letters = string.ascii_lowercase, string.ascii_uppercase
        small, large = letters if capital else reversed(letters)
        before, after = small + before, large + after
    return (
        f"(CASE WHEN octet_length({text}) = char_length({text}) THEN {plain} "
        f"ELSE translate({mapped}, '{before}', '{after}') END)"
    )


def _ascii() -> str:
    return "".join(map(chr, range(_FIRST)))


@functools.cache
def _table(*, capital: bool) -> dict[int, str]:
    """Give each letter that is not ASCII and changes, with what it becomes."""
    forms: tuple[Callable[[str], str], ...] = (str.upper, str.title) if capital else (str.lower,)
    odd = _ODD_UPPER if capital else _ODD_LOWER
    found = {}
    for code in range(_FIRST, _BEYOND):
        letter = chr(code)
        becomes = odd.get(letter) or next(
            (one for form in forms if len(one := form(letter)) == 1), letter
        )
        if becomes != letter:
            found[code] = becomes
    return found
