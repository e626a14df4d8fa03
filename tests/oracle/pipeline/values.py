"""Single raw values as Salesforce exports and connectors write them, made plain."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

NO_ID = "0" * 15
CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
SIX = Decimal("0.000001")
TRUE, FALSE = {"true", "t", "yes", "y", "1"}, {"false", "f", "no", "n", "0"}


def snake_case(name: str) -> str:
    """Fold an API name: `StageName` to `stage_name`; snake_case stays."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def text(value: object) -> str | None:
    """Empty text is NULL."""
    return None if value is None or value == "" else str(value)


def identifier(value: object) -> str | None:
    """An id of fifteen zeros, with or without its three check characters, is NULL.

    An id without its check characters gets them: each says which of five are upper case.
    """
    given = text(value)
    if given is None or given[:15] == NO_ID:
        return None
    if not re.fullmatch("[0-9A-Za-z]{15}", given):
        return given
    fives = (given[:5], given[5:10], given[10:])
    bits = (sum(2**place for place in range(5) if "A" <= five[place] <= "Z") for five in fives)
    return given + "".join(CHECKS[number] for number in bits)


def boolean(value: object) -> bool:
    """Booleans come as true/false, 0/1 or text; a missing one is false."""
    given = str(value).lower() if text(value) is not None else "false"
    if given not in TRUE | FALSE:
        raise ValueError(f"{value!r} is no boolean")
    return given in TRUE


def number(value: object) -> Decimal | None:
    """Exact, whatever it came as."""
    given = text(value)
    return None if given is None else Decimal(given)


def timestamp(value: object) -> datetime | None:
    """UTC without zone."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        return midnight(value)
    else:
        given = text(value)
        if given is None:
            return None
        moment = datetime.fromisoformat(given)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def day(value: object) -> date | None:
    """CRM dates are taken as they stand, also where written as midnight."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    given = text(value)
    return None if given is None else date.fromisoformat(given[:10])


def midnight(of: date) -> datetime:
    """The instant at which a day begins."""
    return datetime(of.year, of.month, of.day)


def six_decimals(value: Decimal) -> Decimal:
    """Corporate amounts and probabilities have six decimals (DECISIONS.md)."""
    return value.quantize(SIX, ROUND_HALF_UP)


def probability(value: object) -> Decimal | None:
    """Salesforce stores 0-100: divided by 100, and the range is asserted."""
    percent = number(value)
    if percent is None:
        return None
    if not 0 <= percent <= 100:
        raise ValueError(f"probability {percent} is outside 0 to 100")
    return six_decimals(percent / 100)
