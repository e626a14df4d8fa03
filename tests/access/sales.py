"""Random sales: what a team sees, and what is hidden from it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from access.star import DAY, DAYS, Data

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCOUNTS = [(1, "a", "energy"), (2, "b", "retail"), (3, "c", "energy"), (4, "d", None)]
STAGES = [(1, "open"), (2, "won")]
_DAYS = st.integers(0, DAYS - 1).map(lambda days: DAY + dt.timedelta(days=days))
_AMOUNTS = st.none() | st.integers(-3, 1000)
# Words that are numbers, days or truths in the rows of some, and not in those of others.
_TITLES = st.sampled_from(["5", "7", "true", "2024-01-01", "x"])
_HIDDEN_TITLES = st.sampled_from(["5", "no number", "2024-02-30", "'", "0"])


@st.composite
def sales(draw: st.DrawFn, *, first: int, teams: Sequence[str | None]) -> Data:
    """Owners of some teams, and what is theirs; keys begin with `first`."""
    team = st.sampled_from(teams)
    owners = [
        (first + position, draw(st.sampled_from(["ana", "bo", "9"])), draw(team))
        for position in range(draw(st.integers(0, 3)))
    ]
    rows: dict[str, list[tuple[Any, ...]]] = {"owners": list(owners)}
    if not owners:
        return Data(rows)
    owner = st.sampled_from([key for key, _, _ in owners])
    account = st.sampled_from([key for key, _, _ in ACCOUNTS])
    titles = _TITLES if first == 0 else _HIDDEN_TITLES
    deals = draw(
        st.lists(
            st.tuples(owner, account, st.sampled_from([1, 2, None]), _DAYS, _AMOUNTS,
                      st.booleans(), titles),
            max_size=8,
        )
    )  # fmt: skip
    rows["deals"] = [(first + position, *deal) for position, deal in enumerate(deals)]
    leads = draw(st.lists(st.tuples(account, owner, _DAYS), max_size=5))
    rows["leads"] = [(first + position, *lead) for position, lead in enumerate(leads)]
    if rows["deals"]:
        deal = st.sampled_from([(key, who) for key, who, *_ in rows["deals"]])
        done = draw(
            st.lists(st.tuples(deal, _DAYS, st.sampled_from(["call", "visit"])), max_size=5)
        )
        rows["activities"] = [
            (first + position, key, day, kind)
            for position, ((key, _), day, kind) in enumerate(done)
        ]
        taken = draw(st.lists(st.tuples(deal, _DAYS, _AMOUNTS), max_size=6))
        rows["snapshots"] = [(key, who, day, amount) for (key, who), day, amount in taken]
    return Data(rows)


SEEN = sales(first=0, teams=["emea", "EMEA"])
HIDDEN = sales(first=1000, teams=["apac", "APAC", None, ""])
OPEN = Data({"accounts": ACCOUNTS, "stages": STAGES, "targets": [(DAY, 100)]})
