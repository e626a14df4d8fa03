"""The users: who they are, and who works here when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import END, MONTH_STARTS, START
from metrics_store.demo.person_names import full_name
from metrics_store.demo.seeded_random import seeded_random

if TYPE_CHECKING:
    from random import Random

USERS_AT_SCALE_1 = 60
FEWEST_USERS = 12
STAY_THROUGHOUT = 5
HERE_FROM_THE_START = 0.7
LEAVES = 0.15


@dataclass(frozen=True)
class User:
    """One user; `since` and `until` are the moments between which they get deals."""

    id: int
    name: str
    email: str
    modified: int
    since: int
    until: int


class Team:
    """All users of one data set; their number grows with the root of the scale."""

    def __init__(self, scale: float, seed: int) -> None:
        """Hire everybody."""
        rng = seeded_random(seed, "pipedrive", "users")
        count = max(FEWEST_USERS, round(USERS_AT_SCALE_1 * scale**0.5))
        self.users = [_user(number, rng) for number in range(count)]
        self._by_month = [
            [user.id for user in self.users if user.since <= month <= user.until]
            for month in MONTH_STARTS
        ]

    def pick(self, moment: int, rng: Random) -> int:
        """Give the id of somebody who works here at that moment."""
        month = int((moment - START) / (END + 1 - START) * len(MONTH_STARTS))
        return rng.choice(self._by_month[min(max(month, 0), len(MONTH_STARTS) - 1)])

    def planted(self) -> Counter[str]:
        """Count the users whose names are traps."""
        names = Counter(user.name for user in self.users)
        return Counter(
            users_sharing_a_name=sum(count for count in names.values() if count > 1),
            users_with_unusual_names=sum(
                count
                for name, count in names.items()
                if not (name.isascii() and name.replace(" ", "").isalpha())
            ),
        )


def _user(number: int, rng: Random) -> User:
    # Every twentieth has the name of the one before.
    name = full_name(number - 1 if number % 20 == 5 else number)  # noqa: PLR2004
    modified = rng.randrange(START, END)
    since = START
    until = END
    if number >= STAY_THROUGHOUT:
        if rng.random() >= HERE_FROM_THE_START:
            since = rng.randrange(START, END)
        if rng.random() < LEAVES:
            until = rng.randrange(since, END)
    return User(number + 1, name, f"user{number + 1}@example.org", modified, since, until)
