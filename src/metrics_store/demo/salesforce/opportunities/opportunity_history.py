"""One opportunity's states as they come about, and the history rows that tell of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from metrics_store.demo.demo_calendar import END
from metrics_store.demo.salesforce.opportunities.change_counts import count_change, count_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.demo.salesforce.opportunities.opportunity_stages import State

# Never more history rows than this for one opportunity: each has so many ids of its own.
HISTORY_IDS = 100


class Entry(NamedTuple):
    """One history row; a deleted one tells of nothing."""

    moment: int
    state: State
    is_deleted: bool = False


class Record:
    """An opportunity up to the last day; what comes later never happened.

    The states are the truth: one a moment. History tells of a state by one row or, in a tie, by
    several of the same second, of which the last counts. What changes mean is counted in
    `meaning` as they happen.

    Args:
        created: Moment of its creation.
        first: Its first state.
        before: States that were saved and overwritten within the creating second.
        since: Moment at which its history begins; None for the creation.
        tracked: Whether history is kept at all.
    """

    def __init__(
        self,
        created: int,
        first: State,
        *,
        before: Sequence[State] = (),
        since: int | None = None,
        tracked: bool = True,
    ) -> None:
        """Begin with the first state."""
        self.created = created
        self.states: list[tuple[int, State]] = [(since or created, first)]
        self.entries: list[Entry] = []
        self.meaning: Counter[str] = Counter()
        if not tracked:
            self.meaning["without_history"] += 1
            return
        self._add_entry(since or created, (*before, first))
        self.meaning["creation_ties"] += bool(before)
        self.meaning["history_starts_late"] += since is not None
        self.meaning["closed_in_the_creating_second"] += since is None and not first.is_open
        self.meaning["opened_and_closed_in_the_creating_second"] += (
            since is None and not first.is_open and any(state.is_open for state in before)
        )

    @property
    def state(self) -> State:
        """Its latest state."""
        return self.states[-1][1]

    @property
    def last_moment(self) -> int:
        """When its latest state came about."""
        return self.states[-1][0]

    def change(self, moment: int, state: State, before: Sequence[State] = ()) -> bool:
        """Come into a state, later than all others; False where that is after the last day.

        `before` are states that were saved and overwritten within the same second.
        """
        if moment > END or len(self.entries) + len(before) + 1 >= HISTORY_IDS - 1:
            return False
        self._add_entry(moment, (*before, state))
        self.meaning["later_ties"] += bool(before)
        self.meaning["later_ties_without_change"] += bool(before) and state == self.state
        self._become(moment, state)
        return True

    def adjust(self, moment: int, **fields: Any) -> bool:  # noqa: ANN401 - a state's fields
        """Change some fields of the state."""
        return self.change(moment, self.state._replace(**fields))

    def enter(self, moment: int, stage: str, **fields: Any) -> bool:  # noqa: ANN401
        """Enter a stage, with its probability and category."""
        return self.change(moment, self.state.entering(stage)._replace(**fields))

    def change_untracked(self, moment: int, state: State) -> bool:
        """Come into a state that history doesn't tell of."""
        if moment > END:
            return False
        self.meaning["row_differs_from_history"] += 1
        self._become(moment, state)
        return True

    def add_deleted_entry(self, moment: int, state: State) -> None:
        """Add a history row that was deleted."""
        if moment <= END:
            self.entries.append(Entry(moment, state, is_deleted=True))
            self.meaning["deleted_history_rows"] += 1

    def was_open(self, moment: int) -> bool:
        """Whether it was open at a moment; the first state holds from the creation."""
        known = [state for since, state in self.states if since <= moment]
        return (known[-1] if known else self.states[0][1]).is_open

    def _become(self, moment: int, state: State) -> None:
        count_change(self.state, state, self.meaning)
        self.states.append((moment, state))

    def _add_entry(self, moment: int, states: Sequence[State]) -> None:
        for state in states:
            count_moment(moment, self.meaning)
            self.entries.append(Entry(moment, state))
