"""Salesforce's ids: fifteen characters that count up by bytes, and three that check their case."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase, digits

DIGITS = digits + ascii_uppercase + ascii_lowercase
# The check signs stand behind so many.
SHORT = 15
_CHECKS = ascii_uppercase + "012345"
_UPPER_CASE = str.maketrans({sign: "1" if sign in ascii_uppercase else "0" for sign in DIGITS})

# What some tools write where there is no id.
ZEROS = "000000000000000AAA"
ACCOUNT, USER, ROLE = "001", "005", "00E"
OPPORTUNITY, HISTORY, FIELD_HISTORY = "006", "008", "017"


def salesforce_id(kind: str, number: int) -> str:
    """Give the n-th id of a kind of record; a higher number's is greater by bytes."""
    signs = ""
    for _ in range(6):
        number, place = divmod(number, len(DIGITS))
        signs = DIGITS[place] + signs
    plain = f"{kind}Dm0000{signs}"
    return plain + "".join(_check(plain[start : start + 5]) for start in (0, 5, 10))


def _check(block: str) -> str:
    return _CHECKS[int(block[::-1].translate(_UPPER_CASE), 2)]
