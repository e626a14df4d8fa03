"""The demo clock: free moments, month edges and the last moment that counts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from metrics_store.demo.demo_calendar import (
    DAY,
    DAYS,
    END,
    MONTH_ENDS,
    MONTH_STARTS,
    QUARTER_ENDS,
    QUARTER_STARTS,
    START,
    DealCalendar,
    first_day_of_quarter,
    midnight,
    quarter_of,
    text_of,
)
from metrics_store.demo.pipedrive.deal_history import History
from metrics_store.demo.seeded_random import seeded_random


def test_an_agenda_goes_forward_on_weekdays_and_never_repeats_a_second_of_the_day() -> None:
    calendar = DealCalendar(seeded_random(1))
    moments = [calendar.take(START)]
    for _ in range(300):
        moments.append(calendar.after(moments[-1], 1.0))
    assert moments == sorted(set(moments))
    assert len({moment % DAY for moment in moments}) == len(moments)
    weekdays = {datetime.fromtimestamp(moment, UTC).weekday() for moment in moments[1:]}
    assert weekdays == {0, 1, 2, 3, 4}


def test_an_agenda_keeps_off_the_edges_of_a_day() -> None:
    for start in range(DAY - 2000, DAY):
        found = DealCalendar(seeded_random(1, start)).after(start, 0.0)
        assert found > start
        assert found % DAY not in (0, DAY - 1)


def test_month_edges_are_every_months_first_and_last_second() -> None:
    assert len(MONTH_STARTS) == len(MONTH_ENDS) == 36
    assert text_of(MONTH_STARTS[1]) == "2022-02-01T00:00:00"
    assert text_of(MONTH_ENDS[25]) == "2024-02-29T23:59:59"
    assert text_of(MONTH_ENDS[-1]) == text_of(END) == "2024-12-31T23:59:59"


def test_quarters_begin_in_january_april_july_and_october() -> None:
    assert len(QUARTER_STARTS) == len(QUARTER_ENDS) == 12
    assert text_of(QUARTER_STARTS[1]) == "2022-04-01T00:00:00"
    assert text_of(QUARTER_ENDS[0]) == "2022-03-31T23:59:59"
    for day in DAYS:
        since_1970 = midnight(day) // DAY
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        assert first_day_of_quarter(quarter_of(since_1970)) == midnight(first) // DAY


def test_the_last_moment_is_written_down_and_the_next_is_not() -> None:
    planted: Counter[str] = Counter()
    history = History(1, START, planted)
    assert history.enter(1, END)
    assert not history.enter(2, END + 1)
    assert not history.lose(1, END + 1)
    assert planted["stage_entries"] == 1
    assert [moment for _, moment, _, _ in history.changes] == [START, END]
