"""What is asked of the calls, and what is right, worked out by hand from the seven calls."""

from __future__ import annotations

from typing import Any

DAY, MONTH = "metric_time__day", "metric_time__month"
YEAR = "2024-01-01 00:00:00"
FIRST = "2024-02-01 00:00:00"
LEAP_DAY = "2024-02-29 00:00:00"
MARCH = "2024-03-01 00:00:00"
DAYS = [[FIRST, "2"], [LEAP_DAY, "1"], [MARCH, "4"]]
TO_THE_MIDDLE = {"start_time": "2024-02-01", "end_time": "2024-02-15"}
WITHIN_A_DAY = "a time within a day"

Right = list[list[str]] | str


def _of(metrics: str | list[str], right: Right, **parts: object) -> tuple[dict[str, Any], Right]:
    return {"metrics": metrics, **parts}, right


QUESTIONS: list[tuple[dict[str, Any], Right]] = [
    # The days are those of UTC, in the question and in the build.
    _of("calls", DAYS, group_by=DAY),
    _of("built", DAYS, group_by=DAY),
    _of("heard", DAYS, group_by="metric_time"),
    _of("calls", [["4"]], where="metric_time >= '2024-03-01'"),
    _of("heard", [["2024-02-01 02:00:00", "1"]], group_by="metric_time__second", limit=1),
    # A time goes with its own coarser periods.
    _of("calls", [[FIRST, FIRST, "2"]], group_by=["metric_time", MONTH], limit=1),
    _of("calls", "the same is asked for twice", group_by=["metric_time", DAY]),
    # Start and end are days, whatever is grouped by.
    _of("calls", [["2"]], **TO_THE_MIDDLE),
    _of("calls", [[FIRST, "2"]], group_by=DAY, **TO_THE_MIDDLE),
    _of("calls", [[FIRST, "2"]], group_by=MONTH, **TO_THE_MIDDLE),
    _of("calls", [[YEAR, "2"]], group_by="metric_time__quarter", **TO_THE_MIDDLE),
    _of("calls", [[YEAR, "2"]], group_by="metric_time__season", **TO_THE_MIDDLE),
    _of("heard", [[FIRST, "2"]], group_by=MONTH, **TO_THE_MIDDLE),
    _of("heard", [["3"]], end_time="2024-02-29"),
    _of("running", [[MARCH, "7"]], group_by=DAY, start_time="2024-03-01", end_time="2024-03-01"),
    _of(
        "running_month_before",
        [[MARCH, "2"]],
        group_by=DAY,
        start_time="2024-03-01",
        end_time="2024-03-01",
    ),
    _of([], [[YEAR], [FIRST]], group_by=MONTH, end_time="2024-02-15"),
    # Metrics that count by quarters have their first days; beside others, whole quarters.
    _of("planned", [["20"]], start_time="2024-02-01"),
    _of("planned", [["10"]], end_time="2024-02-01"),
    _of(["calls", "planned"], [["7", "10"]], start_time="2024-01-01", end_time="2024-03-31"),
    _of(["calls", "planned"], "begins within a quarter, and planned", start_time="2024-02-01"),
    _of(["calls", "planned"], "ends within a quarter, and planned", end_time="2024-02-01"),
    _of(["calls", "planned"], [["7", "10"]], where="metric_time <= '2024-03-31'"),
    _of(["calls", "planned"], "within a quarter", where="metric_time >= '2024-02-01'"),
    # Times of day are those of metrics that tell them apart.
    _of("heard", [["2"]], start_time="2024-03-01T12:00:00"),
    _of("heard", [["6"]], end_time="2024-03-01T12:00:00"),
    _of("calls", "begins within a day, and calls", start_time="2024-03-01T12:00:00"),
    _of("calls", "ends within a day, and calls", end_time="2024-03-01T12:00:00"),
    _of("calls", [["3"]], end_time="2024-02-29T23:59:59"),
    _of("heard", [["2"]], where="metric_time >= '2024-03-01 12:00'"),
    _of("heard", [["2"]], where="moment__heard_at >= '2024-03-01 12:00'"),
    _of("heard", [["2"]], where="metric_time__hour >= '2024-03-01 12:00'"),
    _of("heard", [["5"]], where="metric_time__hour <= '2024-03-01 11:59:59'"),
    _of("heard", "within an hour", where="metric_time__hour >= '2024-03-01 12:00:01'"),
    _of("heard", WITHIN_A_DAY, where="metric_time__day >= '2024-03-01 12:00'"),
    _of("heard", WITHIN_A_DAY, where="metric_time__month >= '2024-03-01 12:00'"),
    _of("calls", WITHIN_A_DAY, where="metric_time >= timestamp '2024-03-01 12:00:00'"),
    _of("calls", WITHIN_A_DAY, where="call__called_at in ('2024-03-01', '2024-03-01 12:00')"),
    _of("calls", [["3"]], where="metric_time between '2024-02-01' and '2024-02-29 23:59:59'"),
    _of("calls", [["4"]], where="metric_time > '2024-02-29 23:59:59'"),
    _of("calls", [["4"]], where="metric_time__month >= '2024-02-15'"),
]
