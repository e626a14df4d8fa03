"""What must hold of every answer, and what a filter means in plain Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from hostile.conftest import CANARY, FILE_CANARY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hostile.conftest import Canaries
    from hostile.interface_requests import Interface, Question, Told

# Of a breakdown, of a traceback, of our own SQL, of a warehouse's own errors.
_INSIDES = (
    "something went wrong",
    "Traceback",
    'File "',
    "subq_",
    "_src_",
    "Binder Error",
    "Parser Error",
    "Catalog Error",
    "Conversion Error",
    "psycopg",
    "root:x:",
)
_LONGEST = 6_000


@dataclass(frozen=True)
class Asked:
    """An attack, and what must come of it.

    Attributes:
        attack: What the caller made up.
        question: The question that it stands in.
        sums: The revenue by status that answers it; none where it must be refused.
    """

    attack: str
    question: Question
    sums: dict[str, Decimal] | None = None


def check_text(text: str, canaries: Canaries, attack: str = "") -> None:
    """Look for what no text may hold, besides what the attack itself said.

    Raises:
        AssertionError: It holds some of it.
    """
    for word in (CANARY, FILE_CANARY, *canaries.paths, *_INSIDES):
        assert word not in text or word in attack, f"{word!r} is told: {text[:400]}"


def check_refused(told: Told, canaries: Canaries, attack: str) -> None:
    """See that something is refused, clearly.

    Raises:
        AssertionError: It is not.
    """
    assert told.rows is None, f"answered: {told.text[:200]}"
    check_text(told.text, canaries, attack)
    assert told.text.strip(), "refused without a word"
    assert len(told.text) < _LONGEST, f"{len(told.text)} characters"
    # What is told goes to terminals and logs.
    assert "\x1b" not in told.text


def ask_all(interface: Interface, canaries: Canaries, asked: Iterable[Asked]) -> int:
    """Ask all that an interface has words for; gives how many questions that was.

    Raises:
        AssertionError: Some were not answered as they should be; it names them.
    """
    number, wrong, before = 0, [], canaries.state()
    for one in asked:
        if not interface.takes(one.question):
            continue
        number += 1
        try:
            _check(interface.put(one.question), canaries, one)
        except Exception as error:  # noqa: BLE001 - all of them are told at once
            wrong.append(f"{one.question!r:.300}: {type(error).__name__}: {error!s:.500}")
    assert not wrong, f"{len(wrong)} of {number} at {interface.name}:\n" + "\n".join(wrong[:20])
    assert canaries.state() == before
    return number


def _check(told: Told, canaries: Canaries, asked: Asked) -> None:
    if asked.sums is None:
        check_refused(told, canaries, asked.attack)
        return
    assert told.rows is not None, f"refused: {told.text[:300]}"
    assert sums_of(told) == asked.sums
    check_text(told.text, canaries, asked.attack)


def sums_of(told: Told) -> dict[str, Decimal]:
    """Give the revenue by status."""
    assert told.rows is not None
    pairs = [(row["order__status"], Decimal(str(row["revenue"]))) for row in told.rows]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def like(pattern: str, value: str) -> bool:
    """Whether a text fits a pattern of SQL in which nothing escapes."""
    signs = {"%": ".*", "_": "."}
    regular = "".join(signs.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(regular, value, re.DOTALL) is not None
