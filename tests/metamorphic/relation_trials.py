"""Relations tried on many metrics, and what came of it."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metamorphic.relation_exceptions import EXCEPTIONS
from metamorphic.relations import NEEDS_ADDITIVE, RELATIONS, Trial, tried
from metamorphic.row_policies import rule_of

if TYPE_CHECKING:
    from metamorphic.metric_subject import Subject
    from metamorphic.row_policies import RowRule
    from metamorphic.value_store import Store

# How often each relation is tried on each metric; 0 is the sample of `make test`.
ROUNDS = int(os.environ.get("RELATIONS_ROUNDS", "0"))
SEED = os.environ.get("RELATIONS_SEED", "7")


@dataclass(frozen=True)
class Opened:
    """A project on one engine.

    Attributes:
        store: Its metrics.
        allowed: The same under a policy that allows everything.
        subjects: Each of its own metrics.
        limited: The same under policies that show some rows; none where there are no rules.
        rules: The rules of these policies.
    """

    store: Store
    allowed: Store
    subjects: list[Subject]
    limited: Store | None = None
    rules: tuple[RowRule, ...] = ()

    def differences(self, relation: str, sample: int) -> list[str]:
        """Try a relation on every metric, or on a sample of so many; give what differed.

        An exception that nothing needs any more is a difference as well, where all is tried.
        """
        stores = [one for one in (self.store, self.allowed, self.limited) if one is not None]
        for store in stores:
            store.wrong.clear()
        found: list[str] = []
        made = 0
        last_refused: str | None = None
        subjects = self.subjects
        if relation in NEEDS_ADDITIVE:
            subjects = [one for one in subjects if one.is_additive]
        if not ROUNDS:
            sample = min(sample, len(subjects))
            subjects = random.Random(f"{SEED} {relation}").sample(subjects, sample)
        for subject in subjects:
            exempt = [one for one in EXCEPTIONS if one.holds_for(relation, subject.name)]
            differing: list[str] = []
            for number in range(max(ROUNDS, 1)):
                choose = random.Random(f"{SEED} {relation} {subject.name} {number}")
                trial = Trial(
                    self.store,
                    self.allowed,
                    subject,
                    self.subjects,
                    choose,
                    self.limited,
                    rule_of(self.rules, subject.name).condition if self.rules else "",
                )
                comparisons, differences, refused = tried(RELATIONS[relation], trial)
                made += comparisons
                last_refused = refused or last_refused
                differing += differences
            if not exempt:
                found += differing
            elif ROUNDS > 1 and not differing:
                found.append(f"{subject.name}: the exception is not needed: {exempt[0].reason}")
        if made < len(subjects) / 4:
            found.append(f"only {made} comparisons were made: {last_refused}")
        return found + [one for store in stores for one in store.wrong]
