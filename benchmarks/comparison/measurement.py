"""A question measured: the values first, then the seconds of each way to answer it, in turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from comparison.answer_values import difference
from comparison.sql_runners import NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from comparison.sql_runners import SqlRunner
    from comparison.statement_process import ColdRun

HAND, ENGINE, ANSWER, METRICFLOW = "by hand", "engine", "whole answer", "MetricFlow"

# A way that has taken so long is not tried again.
_ENOUGH_SECONDS = 6.0


@dataclass
class Measurement:
    """What one question took.

    Attributes:
        name: The question's.
        seconds: Way -> the best of its runs, when everything is in memory.
        remarks: Way -> what is said in the place of seconds, or beside them.
        cold: Way -> what it took in a process of its own.
    """

    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    cold: dict[str, ColdRun] = field(default_factory=dict)

    def ratio(self, way: str) -> float | None:
        """Give how many times as long as by hand a way took."""
        if way not in self.seconds:
            return None
        return self.seconds[way] / self.seconds[HAND]


def measure(
    name: str,
    statements: Mapping[str, str],
    runner: SqlRunner,
    rounds: int,
    answer: Callable[[], object] | None = None,
) -> Measurement:
    """Compare the values of statements, then time them.

    Args:
        name: The question's name.
        statements: Way -> SQL.
        runner: Runs them.
        rounds: How often each is timed at most.
        answer: Gives the engine's whole answer, planning and all.

    Raises:
        click.ClickException: The engine's values are not those by hand.
    """
    found = Measurement(name)
    right = runner.rows(statements[HAND])
    wrong = difference(runner.rows(statements[ENGINE]), right)
    if wrong:
        raise click.ClickException(f"{name}: the engine gives {wrong}")
    ways: dict[str, Callable[[], float]] = {
        way: (lambda sql=sql: runner.seconds(sql)) for way, sql in statements.items()
    }
    if METRICFLOW in statements:
        try:
            if difference(runner.rows(statements[METRICFLOW]), right):
                found.remarks[METRICFLOW] = "other values"
        except NoAnswerError as error:
            found.remarks[METRICFLOW] = str(error)
            del ways[METRICFLOW]
    if answer is not None:
        ways[ANSWER] = lambda: _seconds(answer, runner.clock)
        # It is planned once, as by a server that runs.
        answer()
    _take_turns(found, ways, rounds)
    return found


def _take_turns(found: Measurement, ways: dict[str, Callable[[], float]], rounds: int) -> None:
    """Time the ways in turns, so that whatever else the machine does slows all of them."""
    spent = dict.fromkeys(ways, 0.0)
    for _ in range(rounds):
        for way, run in ways.items():
            if spent[way] > _ENOUGH_SECONDS:
                continue
            try:
                seconds = run()
            except NoAnswerError as error:
                found.remarks.setdefault(way, str(error))
                spent[way] = _ENOUGH_SECONDS * 2
                continue
            spent[way] += seconds
            found.seconds[way] = min(seconds, found.seconds.get(way, seconds))


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began
