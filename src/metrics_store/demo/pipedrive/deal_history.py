"""One lifecycle's changes as they are written down, counted by what they mean."""

from __future__ import annotations

from collections import Counter

from metrics_store.demo.demo_calendar import DAY, END, LEAP_DAY, MONTH_ENDS, MONTH_STARTS, text_of

Change = tuple[int, int, str, str | None]

_MONTH_STARTS = frozenset(MONTH_STARTS)
_MONTH_ENDS = frozenset(MONTH_ENDS)


class History:
    """The changes of one lifecycle up to the last day; what comes later never happened.

    Args:
        deal_id: The deal's id.
        created: Moment of its add_time.
        planted: Where rows and moments are counted.
        simple: Whether it takes the plain way, without skips, returns and second thoughts.

    What the changes mean is counted in `meaning`, apart: in a deal whose id is used twice it
    depends on both lives together.
    """

    def __init__(
        self, deal_id: int, created: int, planted: Counter[str], *, simple: bool = False
    ) -> None:
        """Begin with the add_time."""
        self.deal_id = deal_id
        self.created = created
        self.simple = simple
        self.changes: list[Change] = []
        self.entries: list[tuple[int, int]] = []  # moment, stage
        self.owners: list[tuple[int, int]] = []  # moment, user
        self.lost_at: int | None = None
        self.meaning: Counter[str] = Counter()
        self._planted = planted
        self._write(created, "add_time", text_of(created))
        planted["lifecycles"] += 1

    @property
    def stage(self) -> int:
        """The stage it entered last; 0 before the first."""
        return self.entries[-1][1] if self.entries else 0

    @property
    def entered_stages(self) -> set[int]:
        """Every stage it has entered."""
        return {stage for _, stage in self.entries}

    @property
    def last_moment(self) -> int:
        """Moment of its latest stage entry or loss, or of its creation."""
        entered = self.entries[-1][0] if self.entries else self.created
        return max(entered, self.lost_at or 0)

    def enter(self, stage: int, moment: int) -> bool:
        """Enter a stage; False where that would be after the last day."""
        if not self._write(moment, "stage_id", str(stage)):
            return False
        self._planted["stage_entries"] += 1
        if not self.entries:
            self._count("starts_after_stage_1", stage > 1)
        self._count("skipping_moves", bool(self.entries) and stage > self.stage + 1)
        self._count("re_entries", stage in self.entered_stages)
        self._count("reopened_by_stage_entry", self.lost_at is not None)
        self.lost_at = None
        self.entries.append((moment, stage))
        return True

    def lose(self, reason: int, moment: int) -> bool:
        """Lose the deal or, where it is lost, give the loss another reason."""
        if not self._write(moment, "lost_reason", str(reason)):
            return False
        self._count("losses" if self.lost_at is None else "relabelled_losses")
        self.lost_at = self.lost_at or moment
        return True

    def clear_loss(self, moment: int) -> bool:
        """Open a lost deal again by taking its reason away."""
        if not self._write(moment, "lost_reason", None):
            return False
        self._count("reopened_by_clearing", self.lost_at is not None)
        self.lost_at = None
        return True

    def own(self, user: int, moment: int) -> bool:
        """Give the deal to a user."""
        if not self._write(moment, "user_id", str(user)):
            return False
        self.owners.append((moment, user))
        return True

    def rename(self, title: str, moment: int) -> None:
        """Change a field that no model knows."""
        if self._write(moment, "title", title):
            self._planted["changes_of_other_fields"] += 1

    def owner_at(self, moment: int) -> int | None:
        """Give who owns it at a moment; the first owner from the beginning."""
        before = [user for since, user in self.owners if since <= moment]
        return before[-1] if before else next((user for _, user in self.owners), None)

    def close(self) -> None:
        """Count what is known only when nothing more will happen."""
        self._count("open_at_the_end", bool(self.entries) and self.lost_at is None)
        self._count("several_owners", len(self.owners) > 1)
        self._count("without_owner", not self.owners)

    def _count(self, name: str, happened: bool = True) -> None:  # noqa: FBT001, FBT002
        if happened:
            self.meaning[name] += 1

    def _write(self, moment: int, key: str, value: str | None) -> bool:
        if moment > END:
            return False
        self.changes.append((self.deal_id, moment, key, value))
        self._planted["changes_at_month_start"] += moment in _MONTH_STARTS
        self._planted["changes_at_month_end"] += moment in _MONTH_ENDS
        self._planted["changes_on_leap_day"] += LEAP_DAY <= moment < LEAP_DAY + DAY
        return True
