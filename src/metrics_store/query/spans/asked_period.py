"""A period of time that is asked for by its name, or by where it lies from the reference date."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from metrics_store.query.periods import GRAINS

if TYPE_CHECKING:
    import datetime as dt

FISCAL = "fiscal_"


class Place(enum.Enum):
    """Where periods lie from the reference date.

    It counts as a whole day, so that a period is over on its last one: the last periods are those
    that are over, this one is that of the date, the next ones begin after this one.
    """

    LAST = "last"
    THIS = "this"
    NEXT = "next"


@dataclass(frozen=True)
class RelativePeriod:
    """Some periods in a row beside the reference date, or the one around it.

    Attributes:
        place: Where they lie.
        count: How many there are.
        grain: What they are, such as `quarter` or a calendar's own `fiscal_quarter`.
    """

    place: Place
    count: int
    grain: str
    is_relative: ClassVar[bool] = True

    @property
    def is_of_own_calendar(self) -> bool:
        """Whether the common calendar does not have it."""
        return self.grain not in GRAINS

    def __str__(self) -> str:
        """Give it as people say it."""
        words = self.grain.replace("_", " ")
        return f"{self.place.value} {words if self.count == 1 else f'{self.count} {words}s'}"


@dataclass(frozen=True)
class NamedPeriod:
    """A period of a calendar by its name; a fiscal year is called by the year that it ends in.

    Attributes:
        grain: What it is: of the common calendar, or of the fiscal one.
        year: Its year.
        number: Which of its year, from 1.
    """

    grain: str
    year: int
    number: int = 1

    @property
    def is_fiscal(self) -> bool:
        """Whether it is one of the fiscal calendar."""
        return self.grain.startswith(FISCAL)

    def __str__(self) -> str:
        """Give it as it is written, such as 2024-Q4."""
        year = f"{'FY' if self.is_fiscal else ''}{self.year}"
        match self.grain.removeprefix(FISCAL):
            case "quarter":
                return f"{year}-Q{self.number}"
            case "month":
                return f"{year}-{self.number:02}"
            case "week":
                return f"{year}-W{self.number:02}"
            case _:
                return year


@dataclass(frozen=True)
class PeriodSpan:
    """From a day, or a period's first one, to another day or last one; none where it is open."""

    first: NamedPeriod | dt.date | None
    last: NamedPeriod | dt.date | None
    is_relative: ClassVar[bool] = False

    @property
    def is_of_own_calendar(self) -> bool:
        """Whether the common calendar does not have it."""
        ends = (self.first, self.last)
        return any(isinstance(one, NamedPeriod) and one.is_fiscal for one in ends)

    def __str__(self) -> str:
        """Give it as people say it."""
        if self.first == self.last:
            return str(self.first)
        if self.last is None:
            return f"from {self.first}"
        return f"until {self.last}" if self.first is None else f"{self.first} to {self.last}"


AskedPeriod = RelativePeriod | PeriodSpan
