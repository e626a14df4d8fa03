"""Accounts: companies in their industries and countries; some merged, deleted or half known."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

from metrics_store.demo.arrival_times import arrival
from metrics_store.demo.demo_calendar import DAY, END, START
from metrics_store.demo.person_names import LAST_NAMES
from metrics_store.demo.salesforce.salesforce_ids import ACCOUNT, ZEROS, salesforce_id

if TYPE_CHECKING:
    from collections import Counter
    from random import Random

    from metrics_store.demo.salesforce.salesforce_users import Team
    from metrics_store.demo.table_files import Row

INDUSTRIES = {
    "Technology": "Systems",
    "Manufacturing": "Works",
    "Financial Services": "Capital",
    "Healthcare": "Health",
    "Retail": "Stores",
    "Energy": "Energy",
    "Transportation": "Logistics",
    "Education": "Academy",
}
INDUSTRY_WEIGHTS = (22, 18, 14, 12, 12, 8, 8, 6)
TYPES = ("Customer - Direct", "Customer - Channel", "Prospect", "Channel Partner / Reseller", None)
TYPE_WEIGHTS = (40, 15, 30, 8, 7)
# City, state, country, currency, weight.
PLACES = (
    *(("Austin", "TX", "USA", "USD", 14), ("Boston", "MA", "USA", "USD", 14)),
    *(("Chicago", "IL", "USA", "USD", 14), ("Portland", "OR", "USA", "USD", 10)),
    *(("Toronto", "ON", "Canada", "USD", 6), (None, None, "USA", "USD", 4)),
    *(("München", "Bayern", "Germany", "EUR", 8), ("Hamburg", None, "Germany", "EUR", 6)),
    *(("Orléans", None, "France", "EUR", 6), ("Gijón", "Asturias", "Spain", "EUR", 4)),
    *(("Leeds", None, "United Kingdom", "GBP", 8), ("Bristol", None, "United Kingdom", "GBP", 5)),
    (None, None, None, "USD", 1),
)
PLACE_WEIGHTS = tuple(place[-1] for place in PLACES)
# Lowest revenue of a segment in whole units, its median, and how common it is.
ENTERPRISE_FROM, MID_MARKET_FROM = 10_000_000, 1_000_000
SEGMENTS = (("Enterprise", 13), ("Mid-Market", 27), ("SMB", 52), (None, 8))
REVENUE_MEDIANS = {"Enterprise": 45_000_000, "Mid-Market": 3_000_000, "SMB": 250_000}
REVENUE_LIMITS = {
    "Enterprise": (ENTERPRISE_FROM, 5_000_000_000),
    "Mid-Market": (MID_MARKET_FROM, ENTERPRISE_FROM - 1),
    "SMB": (10_000, MID_MARKET_FROM - 1),
}
# Of every hundred accounts, the ones that are traps; the first of a chunk is plain.
MERGED_LEFT, MERGED_MOVED, DELETED, ZEROS_PARENT = 13, 57, 29, 41
MERGED_TWICE = 93  # into one that was merged itself
AT_ENTERPRISE, AT_MID_MARKET, BELOW_ENTERPRISE = 67, 71, 83
EDGES = {
    AT_ENTERPRISE: ("Enterprise", ENTERPRISE_FROM * 100),
    AT_MID_MARKET: ("Mid-Market", MID_MARKET_FROM * 100),
    BELOW_ENTERPRISE: ("Mid-Market", ENTERPRISE_FROM * 100 - 1),
}
NO_INDUSTRY, HAS_PARENT = 0.03, 0.15
HERE_BEFORE = 0.6


@dataclass(frozen=True)
class Account:
    """One account.

    Args:
        id: Its id.
        points_to: Id that opportunities of this company carry; another one after a merge
            that took them along.
        master: Id of the account it was merged into; None where it wasn't.
        is_deleted: Whether it is deleted; a merged one is.
        revenue: In hundredths; None where nobody knows.
        segment: By that revenue.
        created: Moment.
    """

    id: str
    points_to: str
    master: str | None
    is_deleted: bool
    name: str
    kind: str | None
    parent: str | None
    industry: str | None
    revenue: int | None
    segment: str | None
    place: tuple[str | None, str | None, str | None, str, int]
    owner: str
    created: int
    modified: int

    @property
    def currency(self) -> str:
        """Currency of its amounts."""
        return self.place[3]

    def row(self) -> Row:
        """Give its row."""
        employees = None if self.revenue is None else max(1, self.revenue // 20_000_000)
        return (
            *(self.id, self.is_deleted, self.master, self.name, self.kind, self.parent),
            *(self.industry, self.revenue, employees, *self.place[:3], self.currency),
            *(self.owner, self.modified // DAY, self.created, self.owner),
            *(self.modified, self.owner, self.modified),
        )


class Accounts:
    """The accounts of one chunk, by when they were created."""

    def __init__(self, numbers: range, team: Team, rng: Random, planted: Counter[str]) -> None:
        """Make them up; each chunk's stand for themselves."""
        made = [_account(number, numbers, team, rng) for number in numbers]
        plain = [account for number, account in zip(numbers, made, strict=True) if _plain(number)]
        merged = [made[place] for place in range(MERGED_LEFT, len(made), 100)]
        self.all = [
            _odd(number, account, merged if number % 100 == MERGED_TWICE else plain, rng)
            for number, account in zip(numbers, made, strict=True)
        ]
        self._by_creation = sorted(self.all, key=lambda account: account.created)
        self._created = [account.created for account in self._by_creation]
        self.by_id = {account.id: account for account in self.all}
        for account in self.all:
            _count(account, planted)
        planted["accounts_merged_into_a_merged_one"] += sum(
            account.master is not None and self.by_id[account.master].master is not None
            for account in self.all
        )

    def pick(self, moment: int, rng: Random) -> Account:
        """Give one that exists at that moment; older ones have more business."""
        known = bisect_right(self._created, moment)
        return self._by_creation[int(known * rng.random() ** 1.4)]


def _plain(number: int) -> bool:
    merged = {MERGED_LEFT, MERGED_MOVED, MERGED_TWICE}
    return number % 100 not in {*merged, DELETED, ZEROS_PARENT, *EDGES}


def _account(number: int, numbers: range, team: Team, rng: Random) -> Account:
    if number == numbers.start or rng.random() < HERE_BEFORE:
        created = START - rng.randrange(1, 900 * DAY)
    else:
        created = arrival(number - numbers.start, len(numbers), rng)
    segment = rng.choices([name for name, _ in SEGMENTS], [often for _, often in SEGMENTS])[0]
    industry = rng.choices(list(INDUSTRIES), INDUSTRY_WEIGHTS)[0]
    account_id = salesforce_id(ACCOUNT, 10_000 + number)
    return Account(
        id=account_id,
        points_to=account_id,
        master=None,
        is_deleted=False,
        name=_name(number, INDUSTRIES[industry]),
        kind=rng.choices(TYPES, TYPE_WEIGHTS)[0],
        parent=None,
        industry=None if rng.random() < NO_INDUSTRY else industry,
        revenue=_revenue(segment, rng),
        segment=segment,
        place=rng.choices(PLACES, PLACE_WEIGHTS)[0],
        owner=team.pick(max(created, START), rng).id,
        created=created,
        modified=rng.randrange(max(created, START), END),
    )


def _name(number: int, noun: str) -> str:
    block, place = divmod(number, len(LAST_NAMES) * (len(LAST_NAMES) - 1))
    first, step = divmod(place, len(LAST_NAMES) - 1)
    second = (first + step + 1) % len(LAST_NAMES)
    ending = f" {block + 1}" if block else ""
    return f"{LAST_NAMES[first]} {LAST_NAMES[second]} {noun}{ending}"


def _revenue(segment: str | None, rng: Random) -> int | None:
    if segment is None:
        return None
    lowest, highest = REVENUE_LIMITS[segment]
    drawn = int(rng.lognormvariate(log(REVENUE_MEDIANS[segment]), 0.8))
    return min(max(drawn, lowest + 1), highest) * 100


def _odd(number: int, account: Account, others: list[Account], rng: Random) -> Account:
    slot = number % 100
    other = rng.choice(others)
    if slot in (MERGED_LEFT, MERGED_MOVED, MERGED_TWICE):
        points_to = other.id if slot == MERGED_MOVED else account.id
        return replace(account, is_deleted=True, master=other.id, points_to=points_to)
    if slot == DELETED:
        return replace(account, is_deleted=True)
    if slot == ZEROS_PARENT:
        return replace(account, parent=ZEROS)
    if slot in EDGES:
        segment, revenue = EDGES[slot]
        return replace(account, segment=segment, revenue=revenue, place=PLACES[0])
    if rng.random() < HAS_PARENT and other.id < account.id:
        return replace(account, parent=other.id)
    return account


def _count(account: Account, planted: Counter[str]) -> None:
    live = not account.is_deleted
    for name, counts in (
        ("accounts", live),
        ("accounts_merged", account.master is not None),
        ("accounts_deleted", account.is_deleted and account.master is None),
        ("accounts_with_parent", live and account.parent not in (None, ZEROS)),
        ("accounts_with_zeros_for_parent", live and account.parent == ZEROS),
        ("accounts_without_industry", live and account.industry is None),
        ("accounts_without_revenue", live and account.revenue is None),
        ("accounts_of_segment_enterprise", live and account.segment == "Enterprise"),
        ("accounts_of_segment_mid_market", live and account.segment == "Mid-Market"),
        ("accounts_of_segment_smb", live and account.segment == "SMB"),
        (
            "accounts_at_a_segment_edge",
            live and account.revenue in (ENTERPRISE_FROM * 100, MID_MARKET_FROM * 100),
        ),
    ):
        planted[name] += counts
