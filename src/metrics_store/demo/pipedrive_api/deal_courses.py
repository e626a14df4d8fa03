"""How a deal goes: through its stages, with second thoughts, until it is won, lost or the end."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import END, DealCalendar
from metrics_store.demo.pipedrive_api.api_pipelines import BY_ID, LOST_REASONS, OF_PIPELINE
from metrics_store.demo.pipedrive_api.deal_record import DealRecord, first_day

if TYPE_CHECKING:
    from collections import Counter
    from random import Random

SPREAD = 0.6
ADVANCES, STALLS, WINS_AT_LAST = 0.72, 0.07, 0.6
REVALUED, PUSHED, PULLED, HANDED_OVER, RATED = 0.25, 0.30, 0.08, 0.06, 0.10
REOPENED = 0.12
# Of every hundred deals, the ones that plant a trap.
UNLOGGED, UNNOTED, DELETED, OTHER_PIPELINE, WITHOUT_VALUE, OF_NOTHING = 7, 13, 29, 41, 53, 61
WITHOUT_CLOSE_DATE, WITHOUT_ACCOUNT, NO_CURRENCY, ONE_SECOND, CLOSED_MOVE = 67, 71, 73, 79, 83


class Course:
    """The course of one deal."""

    def __init__(self, record: DealRecord, users: list[int], rng: Random) -> None:
        """Begin where the deal was added."""
        self.record, self._users, self._chance = record, users, rng
        self._calendar = DealCalendar(rng)
        self._moment = self._calendar.take(record.added)

    def go(self) -> None:
        """Go on until the deal is closed for good, forgotten, or the last day ends."""
        rng, record = self._chance, self.record
        while rng.random() >= STALLS:
            stage = BY_ID[record.values["stage_id"]]
            until = self._calendar.after(
                self._moment, rng.lognormvariate(log(stage.typical_days), SPREAD)
            )
            self._second_thoughts(until)
            if until > END:
                return
            self._moment = until
            ways = OF_PIPELINE[stage.pipeline_id]
            place = ways.index(stage.id)
            if rng.random() < ADVANCES and place + 1 < len(ways):
                record.change(until, "stage_id", ways[place + 1])
            elif not self._close(is_won=place + 1 == len(ways) and rng.random() < WINS_AT_LAST):
                return

    def _second_thoughts(self, until: int) -> None:
        rng, record = self._chance, self.record
        for likely, change in (
            (REVALUED, self._revalue),
            (PUSHED, lambda moment: self._postpone(moment, rng.randrange(5, 100))),
            (PULLED, lambda moment: self._postpone(moment, -rng.randrange(5, 40))),
            (HANDED_OVER, lambda moment: record.change(moment, "user_id", rng.choice(self._users))),
            (RATED, lambda moment: record.change(moment, "probability", rng.randrange(0, 101, 5))),
        ):
            if rng.random() < likely:
                moment = self._calendar.after(
                    self._moment, rng.random() * (until - self._moment) / 86_400
                )
                if moment <= min(until, END):
                    change(moment)
                    self._moment = moment

    def _revalue(self, moment: int) -> None:
        value = self.record.values["value"]
        if value:
            self.record.change(moment, "value", int(value * self._chance.uniform(0.5, 1.7)))

    def _postpone(self, moment: int, days: int) -> None:
        expected = self.record.values["expected_close_date"]
        if expected is not None:
            self.record.change(moment, "expected_close_date", expected + days)

    def _close(self, *, is_won: bool) -> bool:
        """Win or lose the deal; True where it is opened again."""
        rng, record = self._chance, self.record
        record.change(self._moment, "status", "won" if is_won else "lost")
        if is_won:
            return False
        record.change(self._moment, "lost_reason", rng.choice(LOST_REASONS))
        again = self._calendar.after(self._moment, rng.uniform(3, 60))
        if rng.random() >= REOPENED or again > END:
            return False
        record.change(again, "status", "open")
        record.change(again, "lost_reason", None)
        self._moment = again
        return True

    def last_traps(self, slot: int, planted: Counter[str]) -> None:
        """Plant what belongs to the deal's place among every hundred."""
        record, soon = self.record, self._calendar.after(self._moment, 1.0)
        if slot == UNLOGGED:
            record.is_logged = False
            planted["deals_without_log"] += 1
        elif slot == DELETED:
            record.is_deleted = True
            planted["deleted_deals"] += 1
        elif soon > END:
            return
        elif slot == UNNOTED and record.is_open and record.values["value"]:
            record.change(soon, "value", record.values["value"] + 500)
            later = min(self._calendar.after(soon, 1.0), END)
            record.change(later, "value", record.values["value"] + 1_000, is_noted=False)
            planted["changes_that_the_log_missed"] += 1
        elif slot == OTHER_PIPELINE and record.is_open:
            other = 3 - BY_ID[record.values["stage_id"]].pipeline_id
            record.change(soon, "stage_id", OF_PIPELINE[other][0])
            planted["moves_to_another_pipeline"] += 1
        elif slot == ONE_SECOND and record.is_open and record.values["value"]:
            record.change(soon, "value", record.values["value"] + 500)
            record.change(soon, "value", record.values["value"] + 500)
            planted["changes_in_one_second"] += 1
        elif slot == CLOSED_MOVE and not record.is_open:
            ways = OF_PIPELINE[BY_ID[record.values["stage_id"]].pipeline_id]
            place = ways.index(record.values["stage_id"])
            record.change(soon, "stage_id", ways[place - 1])
            planted["moves_of_closed_deals"] += 1


def opened(number: int, deal_id: int, added: int, users: list[int], rng: Random) -> DealRecord:
    """Give a deal as it is added."""
    slot = number % 100
    expected = first_day(added) + rng.randrange(20, 160)
    currency = rng.choice(("USD", "USD", "EUR", "GBP"))
    org = str(rng.randrange(1, 400))
    values = {
        "status": "open",
        "stage_id": OF_PIPELINE[1 if rng.random() < 0.75 else 2][0],  # noqa: PLR2004
        "value": None if slot == WITHOUT_VALUE else rng.randrange(50_000, 9_000_000),
        "currency": None if slot == NO_CURRENCY else currency,
        "expected_close_date": None if slot == WITHOUT_CLOSE_DATE else expected,
        "probability": None,
        "lost_reason": None,
        "user_id": rng.choice(users),
        # The API gives objects, and so do connectors that do not unpack them.
        "user_id_as": '{{"id": {0}, "name": "x", "value": {0}}}' if slot % 2 else "{0}",
        "org_id_as": None if slot == WITHOUT_ACCOUNT else org,
    }
    if slot == OF_NOTHING:
        values["value"] = 0
    if slot % 3 == 0 and values["org_id_as"]:
        values["org_id_as"] = f'{{"name": "x", "value": {org}}}'
    return DealRecord(deal_id, added, values)
