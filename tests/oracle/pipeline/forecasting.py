"""Forecasts of won revenue: org-wide, monthly, from what was known at each month's origin."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache, partial
from statistics import stdev
from typing import TYPE_CHECKING

from oracle.periods import months_before
from oracle.pipeline.reductions import everything, ratio
from oracle.pipeline.values import midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oracle.pipeline.asking import GroupBy, Groups, Where
    from oracle.pipeline.history import Answer

WEIGHTS = {"trend": 0.3, "rolling": 0.3, "seasonal": 0.2, "pipeline": 0.2}
MODELS = (*WEIGHTS, "combined")
FEWEST_ERRORS = 6
WIDTHS = {"95": 1.96, "99": 2.58}


class Known:
    """What was known at an origin: 00:00 UTC of the first day of a month.

    `won` and `due` are by month of the close date, in the states of the end of the day before:
    nothing later may change a forecast.
    """

    def __init__(self, groups: Groups, origin: date) -> None:
        self.origin = origin
        self.first: date | None = None
        self.won: dict[date, float] = defaultdict(float)
        self.due: dict[date, float] = defaultdict(float)
        for opportunity in groups.facts.replayed:
            state = opportunity.before(midnight(origin))
            if state is None:
                continue
            created = opportunity.created.date().replace(day=1)
            self.first = min(self.first or created, created)
            if state.close_date is None:
                continue
            month = state.close_date.replace(day=1)
            if state.is_open:
                self.due[month] += float(state.weighted)
            elif state.stage.is_won:
                self.won[month] += float(state.amount)

    def actual(self, month: date) -> float | None:
        """A full month without wins is 0; before the first creation's month nothing is known."""
        if self.first is None or not self.first <= month < self.origin:
            return None
        return self.won.get(month, 0.0)


class Forecaster:
    """Every model's forecast of every month."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self.running = groups.settings.source_dt.replace(day=1)
        self.known = cache(partial(Known, groups))
        self.forecast = cache(self._forecast)

    @property
    def months(self) -> list[date]:
        """From the first creation's month to 3 (var) after the running one."""
        last = months_before(self.running, -self._groups.settings.future_months)
        first = self._groups.known_periods("month")[:1]
        return [
            month for day in first for month in self._groups.calendar.between("month", day, last)
        ]

    @property
    def finished(self) -> list[date]:
        """The months that are over at the end of the reference date."""
        end = self._groups.settings.end
        return [month for month in self.months if midnight(months_before(month, -1)) <= end]

    def origin(self, month: date) -> Known:
        """The origin of month m is that of min(m, the running month)."""
        return self.known(min(month, self.running))

    def _forecast(self, model: str, month: date) -> float | None:
        known = self.origin(month)
        if model == "trend":
            return self._trend(known, month)
        if model == "rolling":
            return _rolling(known)
        if model == "seasonal":
            return _seasonal(known, month)
        if model == "pipeline":
            return None if known.first is None else known.due.get(month, 0.0)
        return self._combined(month)

    def _trend(self, known: Known, month: date) -> float | None:
        """A x (1 + g)^h: A the last full month, g its growth clipped to +/- a var (0.5).

        NULL if the month before it is <= 0; h = 1 for the origin's own month.
        """
        last = known.actual(months_before(known.origin, 1))
        previous = known.actual(months_before(known.origin, 2))
        if last is None or previous is None or previous <= 0:
            return None
        limit = self._groups.settings.growth_limit
        growth = max(-limit, min(limit, (last - previous) / previous))
        years, months = month.year - known.origin.year, month.month - known.origin.month
        return float(last * (1 + growth) ** (12 * years + months + 1))

    def _combined(self, month: date) -> float | None:
        """0.3 trend + 0.3 rolling + 0.2 seasonal + 0.2 pipeline.

        Weights renormalised over the parts that exist.
        """
        parts = [(weight, self.forecast(model, month)) for model, weight in WEIGHTS.items()]
        existing = [(weight, part) for weight, part in parts if part is not None]
        above = sum(weight * part for weight, part in existing)
        return ratio(above, sum(weight for weight, _ in existing))

    def half_width(self, month: date, level: str) -> float | None:
        """1.96 (2.58) x the sample standard deviation of the combined forecast's h = 1 errors.

        Over the months before the origin, with the actuals known there; at least 6 of them.
        """
        known = self.origin(month)
        pairs = [
            (self.forecast("combined", past), known.actual(past))
            for past in self.months
            if past < known.origin
        ]
        errors = [
            forecast - actual
            for forecast, actual in pairs
            if forecast is not None and actual is not None
        ]
        return WIDTHS[level] * stdev(errors) if len(errors) >= FEWEST_ERRORS else None

    def interval(self, level: str, sign: int, month: date) -> float | None:
        """The combined forecast +/- its half width; no floor at 0."""
        middle, width = self.forecast("combined", month), self.half_width(month, level)
        return None if middle is None or width is None else middle + sign * width

    def errors(self, model: str) -> dict[date, tuple[float, float]]:
        """Error and today's actual, by finished month; h = 1."""
        today: dict[date, float] = defaultdict(float)
        for fact in self._groups.facts.closed:
            if fact["is_won"] and fact["time"] is not None and fact["amount"] is not None:
                today[fact["time"].replace(day=1)] += float(fact["amount"])
        found = {}
        for month in self.finished:
            forecast = self.forecast(model, month)
            if forecast is not None:
                found[month] = forecast - today[month], today[month]
        return found


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _rolling(known: Known) -> float | None:
    """Mean of the last 3 full months before the origin, for every h; NULL with fewer than 3."""
    return _mean([known.actual(months_before(known.origin, back)) for back in (1, 2, 3)])


def _seasonal(known: Known, month: date) -> float | None:
    """Mean of that calendar month in all earlier full years."""
    if known.first is None:
        return None
    years = [
        year
        for year in range(known.first.year, month.year)
        if known.first <= date(year, 1, 1) and date(year + 1, 1, 1) <= known.origin
    ]
    return _mean([known.actual(date(year, month.month, 1)) for year in years])


def _monthly(groups: Groups, group_by: GroupBy, where: Where) -> Forecaster:
    """Org-wide and monthly only: forecasts of slices do not add up."""
    if group_by != ("month",) or where is not everything:
        raise ValueError("forecasts are org-wide and monthly: group by 'month' only")
    return Forecaster(groups)


def forecast(model: str, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """One model's forecast by month."""
    forecaster = _monthly(groups, group_by, where)
    return {(month,): forecaster.forecast(model, month) for month in forecaster.months}


def bound(level: str, sign: int, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """A bound of the combined forecast's interval by month."""
    forecaster = _monthly(groups, group_by, where)
    return {(month,): forecaster.interval(level, sign, month) for month in forecaster.months}


def over_errors(kind: str, groups: Groups, group_by: GroupBy, where: Where) -> Answer:
    """Forecast - actual of finished months, h = 1, per model (`model`; without it combined).

    `error` is by month; `mape`, the mean share of the error, leaves out months with actual 0;
    `bias` is the mean error.
    """
    foreign = set(group_by) - {"model", "month", "quarter", "year"}
    if foreign or where is not everything or (kind == "error" and "month" not in group_by):
        raise ValueError("forecast errors are org-wide, by month and model")
    forecaster = Forecaster(groups)
    values: dict[tuple[object, ...], list[float]] = defaultdict(list)
    for model in MODELS if "model" in group_by else ("combined",):
        for month, (error, actual) in forecaster.errors(model).items():
            key = tuple(
                model if name == "model" else groups.calendar.first_day(name, month)
                for name in group_by
            )
            if kind != "mape":
                values[key].append(error)
            else:
                values[key] += [abs(error / actual)] if actual else []
    return {key: _mean(found) for key, found in values.items()}


def forecast_quality(forecast: float | None, actual: float | None) -> str:
    """By absolute error share: <= 0.1 Excellent, <= 0.2 Good, <= 0.3 Fair, else Poor.

    Forecast <= 0 or actual 0: Unknown.
    """
    if forecast is None or not actual or forecast <= 0:
        return "Unknown"
    share = abs((forecast - actual) / actual)
    levels = ((0.1, "Excellent"), (0.2, "Good"), (0.3, "Fair"))
    return next((name for most, name in levels if share <= most), "Poor")


def forecast_risk(forecast: float | None, half_width: float | None) -> str:
    """The 95 % interval's half width / forecast: > 0.5 High, > 0.3 Medium, else Low.

    Forecast <= 0 or without an interval: Unknown.
    """
    if forecast is None or half_width is None or forecast <= 0:
        return "Unknown"
    share = half_width / forecast
    return "High" if share > 0.5 else "Medium" if share > 0.3 else "Low"


FORECASTS: dict[str, Callable[[Groups, GroupBy, Where], Answer]] = {
    **{f"forecast_{model}": partial(forecast, model) for model in MODELS},
    **{f"forecast_lower_{level}": partial(bound, level, -1) for level in WIDTHS},
    **{f"forecast_upper_{level}": partial(bound, level, 1) for level in WIDTHS},
    **{f"forecast_{kind}": partial(over_errors, kind) for kind in ("error", "mape", "bias")},
}
