"""The relations: of each, two ways to ask for one thing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metamorphic.generated_metrics import WINDOWS, earlier, saved
from metamorphic.value_store import Refused, difference, equals, known

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from metamorphic.metric_subject import Subject
    from metamorphic.value_store import Group, Store, Values

    # Give for each trial what differs; none where nothing does.
    Relation = Callable[["Trial"], Iterator[str | None]]

MONTH = ("metric_time__month",)


@dataclass(frozen=True)
class Trial:
    """A metric on trial.

    Attributes:
        store: What is asked.
        allowed: The same metrics under a policy that allows everything.
        subject: The metric.
        others: All metrics of the project.
        choose: Chooses what is asked.
        limited: The same metrics under policies that show some rows.
        rule: Which rows these are of this metric, as a filter.
    """

    store: Store
    allowed: Store
    subject: Subject
    others: list[Subject]
    choose: random.Random
    limited: Store | None = None
    rule: str = ""


def alone_is_beside_another(trial: Trial) -> Iterator[str | None]:
    """A metric has the same values whatever is asked beside it."""
    subject, store = trial.subject, trial.store
    for _ in range(2):
        other = trial.choose.choice(trial.others)
        shared = sorted({*subject.dimensions} & {*other.dimensions})
        group_by = MONTH if trial.choose.random() < 0.5 or not shared else ()
        group_by += tuple(trial.choose.sample(shared, min(1, len(shared))))
        names = tuple(sorted({subject.name, other.name}))
        alone = store.ask(subject.name, group_by)
        together = store.ask_together(names, group_by)[subject.name]
        if subject.is_filled:
            together = {group: one for group, one in together.items() if group in alone}
        found = difference(known(together), known(alone))
        yield found and f"by {group_by} beside {other.name} {found}"


def slice_is_filter(trial: Trial) -> Iterator[str | None]:
    """A slice has the values that the filter on it has."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    for dimension in subject.some_dimensions(choose, 2):
        periods = subject.some_periods(choose)
        whole = store.ask(subject.name, (*periods, dimension))
        slices = sorted({group[-1] for group in whole}, key=repr)
        for value in choose.sample(slices, min(2, len(slices))):
            part = {group[:-1]: one for group, one in whole.items() if group[-1] == value}
            filtered = store.ask(subject.name, periods, where=equals(dimension, value))
            found = difference(known(filtered), known(part))
            yield found and f"by {periods} where {equals(dimension, value)} {found}"


def period_is_filter(trial: Trial) -> Iterator[str | None]:
    """A period has the value that the filter on it has."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    grain = choose.choice(subject.grains)
    period = f"metric_time__{grain}"
    whole = store.ask(subject.name, (period,))
    for group in choose.sample(sorted(whole, key=repr), min(2, len(whole))):
        condition = equals(period, group[0])
        periods = (period,) if subject.metric.requires_metric_time else ()
        filtered = store.ask(subject.name, periods, where=condition)
        right = {group if periods else (): whole[group]}
        found = difference(known(filtered), known(right))
        yield found and f"where {condition} {found}"


def what_always_holds_changes_nothing(trial: Trial) -> Iterator[str | None]:
    """A filter that holds for every row leaves the answer as it is."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    conditions = [f"{name} is null or {name} is not null" for name in subject.dimensions]
    conditions += ["metric_time >= '1900-01-01'", "metric_time__day < '2200-01-01'"]
    for condition in choose.sample(conditions, min(3, len(conditions))):
        group_by = (*subject.some_periods(choose), *subject.some_dimensions(choose, 1))
        if condition.startswith("metric_time") and group_by[:1] != MONTH:
            group_by = MONTH
        plain = store.ask(subject.name, group_by)
        filtered = store.ask(subject.name, group_by, where=condition)
        found = difference(filtered, plain)
        yield found and f"by {group_by} where {condition} {found}"


def start_and_end_are_a_filter(trial: Trial) -> Iterator[str | None]:
    """From one day to another is the filter on the days."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    periods = store.ask(subject.name, MONTH)
    months = [dt.datetime.fromisoformat(str(group[0])) for group in periods if group[0]]
    if not months:
        return
    for _ in range(2):
        group_by = subject.some_periods(choose)
        first, second = (choose.choice(months).date() for _ in range(2))
        start = min(first, second) + dt.timedelta(days=choose.randint(0, 27))
        end = max(first, second) + dt.timedelta(days=choose.randint(0, 27))
        if group_by and start > end:
            start, end = end, start
        where = f"metric_time__day >= '{start}' and metric_time__day <= '{end}'"
        found = difference(
            store.ask(subject.name, group_by, start_time=start, end_time=end),
            store.ask(subject.name, group_by, where=where),
        )
        yield found and f"by {group_by} from {start} to {end} {found}"


def whole_is_the_sum_of_its_parts(trial: Trial) -> Iterator[str | None]:
    """A coarser period, or a total, of what is additive is the sum of its parts."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    if not subject.is_additive:
        return
    finer = "metric_time__day"
    coarser = f"metric_time__{choose.choice(subject.grains)}"
    if coarser != finer:
        parts = store.ask(subject.name, (coarser, finer))
        found = difference(_sums(parts, 1), known(store.ask(subject.name, (coarser,))))
        yield found and f"by {coarser} {found}"
    for dimension in subject.some_dimensions(choose, 1):
        found = difference(
            _sums(store.ask(subject.name, (*MONTH, dimension)), 1),
            known(store.ask(subject.name, MONTH)),
        )
        yield found and f"over {dimension} {found}"


def _sums(parts: Values, width: int) -> Values:
    sums: dict[Group, float] = defaultdict(float)
    for group, value in known(parts).items():
        assert isinstance(value, float)
        sums[group[:width]] += value
    return dict(sums)


def earlier_is_moved(trial: Trial) -> Iterator[str | None]:
    """The metric of an earlier period is that period's own value."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    for count, grain in WINDOWS:
        if grain not in subject.grains:
            continue
        group_by = (f"metric_time__{grain}", *subject.some_dimensions(choose, choose.randint(0, 1)))
        filters: list[str | None] = [None]
        filters += [f"{name} is not null" for name in subject.some_dimensions(choose, 1)]
        for where in filters:
            asked = {} if where is None else {"where": where}
            right = _in_periods(store.ask(subject.name, group_by, **asked))
            moved = {(_later(group[0], count, grain), *group[1:]): v for group, v in right.items()}
            found = _in_periods(store.ask(earlier(subject.name, count, grain), group_by, **asked))
            # Before the first period and after the last one there may be days or none, and the
            # time spine may begin after the oldest fact and end before the newest.
            first, last = _bounds(right)
            begins, ends = _bounds(found or moved)
            compared = max(first, begins), min(last, ends)
            differs = difference(_between(found, *compared), _between(moved, *compared))
            yield differs and f"{count} {grain} earlier by {group_by} where {where} {differs}"


def _in_periods(values: Values) -> Values:
    """Leave out what has no value, and what lies in no period and is moved nowhere."""
    return {group: one for group, one in known(values).items() if group[0] is not None}


def _bounds(values: Values) -> tuple[str, str]:
    """Give the first and the last period."""
    periods = [str(group[0]) for group in values]
    return min(periods, default=""), max(periods, default="")


def _between(values: Values, first: str, last: str) -> Values:
    return {group: one for group, one in values.items() if first < str(group[0]) <= last}


def _later(moment: object, count: int, grain: str) -> str:
    found = dt.datetime.fromisoformat(str(moment))
    if grain == "week":
        return str(found + dt.timedelta(weeks=count))
    months = found.year * 12 + found.month - 1 + count
    return str(found.replace(year=months // 12, month=months % 12 + 1))


def order_and_limit_change_no_value(trial: Trial) -> Iterator[str | None]:
    """The first rows in an order are rows of the answer."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    group_by = (*subject.some_periods(choose), *subject.some_dimensions(choose, 1))
    if not group_by:
        return
    whole = store.ask(subject.name, group_by)
    for order in (f"-{subject.name}", subject.name):
        first = store.ask(subject.name, group_by, order_by=[order], limit=3)
        found = difference(first, {group: whole.get(group, "no row") for group in first})
        yield found and f"by {group_by} in order of {order} {found}"
        if len(first) != min(3, len(whole)):
            yield f"by {group_by} {len(first)} rows of {len(whole)}"
        best = sorted(known(whole).values(), reverse=order.startswith("-"))[: len(first)]  # type: ignore[type-var]
        given = [value for value in first.values() if value is not None]
        yield None if given == best[: len(given)] else f"by {group_by}: {given}, not {best}"


def what_allows_all_changes_nothing(trial: Trial) -> Iterator[str | None]:
    """A policy that shows everything leaves the answer as it is."""
    subject, choose = trial.subject, trial.choose
    group_by = (*subject.some_periods(choose), *subject.some_dimensions(choose, 1))
    found = difference(
        trial.allowed.ask(subject.name, group_by), trial.store.ask(subject.name, group_by)
    )
    yield found and f"by {group_by} under a policy {found}"


def rows_of_a_policy_are_a_filter(trial: Trial) -> Iterator[str | None]:
    """Under a policy that shows some rows, the answer is that of the filter on these."""
    subject, choose = trial.subject, trial.choose
    if trial.limited is None:
        return
    for count in (0, 1):
        group_by = (*subject.some_periods(choose), *subject.some_dimensions(choose, count))
        found = difference(
            known(trial.limited.ask(subject.name, group_by)),
            known(trial.store.ask(subject.name, group_by, where=trial.rule)),
        )
        yield found and f"by {group_by} where a policy says {trial.rule} {found}"


def saved_query_is_its_parts(trial: Trial) -> Iterator[str | None]:
    """A saved query has the values of what it is made of, under a filter of the question too."""
    subject, store, choose = trial.subject, trial.store, trial.choose
    if "month" not in subject.grains:
        return
    conditions: list[dict[str, str]] = [{}]
    conditions += [{"where": f"{name} is not null"} for name in subject.some_dimensions(choose, 1)]
    for asked in conditions:
        by_name = store.ask_together((subject.name,), saved_query=saved(subject.name), **asked)
        found = difference(by_name[subject.name], store.ask(subject.name, MONTH, **asked))
        yield found and f"saved, under {asked} {found}"


RELATIONS: dict[str, Relation] = {
    function.__name__: function
    for function in (
        alone_is_beside_another,
        slice_is_filter,
        period_is_filter,
        what_always_holds_changes_nothing,
        start_and_end_are_a_filter,
        whole_is_the_sum_of_its_parts,
        earlier_is_moved,
        order_and_limit_change_no_value,
        what_allows_all_changes_nothing,
        rows_of_a_policy_are_a_filter,
        saved_query_is_its_parts,
    )
}


# Of these relations not every metric is a subject.
NEEDS_ADDITIVE = {whole_is_the_sum_of_its_parts.__name__}
# And of these not every project.
NEEDS_ROW_RULES = {rows_of_a_policy_are_a_filter.__name__}


def tried(relation: Relation, trial: Trial) -> tuple[int, list[str], str | None]:
    """Try a relation; give how many comparisons were made, what differed, and what was refused.

    What is refused differs from nothing, and ends the trial.
    """
    made, differences = 0, []
    try:
        for found in relation(trial):
            made += 1
            if found:
                differences.append(f"{trial.subject.name} {found}")
    except Refused as refused:
        return made, differences, str(refused)
    return made, differences, None
