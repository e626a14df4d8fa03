"""Measurements as tables of a document, each between two marks that name it."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

from comparison.measurement import ANSWER, ENGINE, HAND, METRICFLOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from comparison.measurement import Measurement


def table_of(measurements: Sequence[Measurement], *, cold: bool, whole: bool) -> str:
    """Write the measurements of one warehouse as a table, with the geometric means at its end."""
    ways = [ENGINE, *([ANSWER] if whole else []), METRICFLOW]
    heads = ["question", "by hand, ms", *ways]
    if cold:
        heads += ["cold by hand, ms", "cold engine", "MiB by hand", "MiB engine"]
    rows = [_row(one, ways, cold=cold) for one in measurements]
    means = ["**geometric mean**", "", *(_mean(measurements, way) for way in ways)]
    rows.append([*means, *[""] * (len(heads) - len(means))])
    if cold:
        most = [
            max((one.cold[way].mebibytes for one in measurements if way in one.cold), default=0)
            for way in (HAND, ENGINE)
        ]
        rows.append(["**most memory**", *[""] * (len(heads) - 3), *(f"{one:,.0f}" for one in most)])
    return _markdown(heads, rows)


def growth_table(by_rows: Mapping[int, Sequence[Measurement]]) -> str:
    """Write what each question takes as rows grow."""
    sizes = sorted(by_rows)
    heads = ["question"]
    for size in sizes:
        heads += [f"{size / 1e6:g} M, ms", "by hand"]
    rows = []
    for one in by_rows[sizes[0]]:
        row = [one.name]
        for size in sizes:
            same = next((other for other in by_rows[size] if other.name == one.name), None)
            row += [_milliseconds(same and same.seconds.get(way)) for way in (ENGINE, HAND)]
        rows.append(row)
    return _markdown(heads, rows)


def summary_of(measurements: Iterable[Measurement]) -> str:
    """Say in one line how the engine compares."""
    known = list(measurements)
    ratios = [(ratio, one.name) for one in known if (ratio := one.ratio(ENGINE)) is not None]
    worst, name = max(ratios)
    return (
        f"{len(known)} questions, all right: geometric mean {_mean(known, ENGINE)}, "
        f"at most x {worst:.2f} ({name}); MetricFlow alone {_mean(known, METRICFLOW)}"
    )


def replace_between_marks(document: Path, mark: str, table: str) -> bool:
    """Put a table between the marks of its name; say whether the document has them."""
    text = document.read_text(encoding="utf-8")
    begin, end = f"<!-- measured: {mark} -->\n", f"<!-- end: {mark} -->"
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        return False
    document.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")
    return True


def _row(one: Measurement, ways: Sequence[str], *, cold: bool) -> list[str]:
    row = [one.name, _milliseconds(one.seconds[HAND])]
    for way in ways:
        ratio = one.ratio(way)
        shown = "" if ratio is None else f"x {ratio:.2f}" if ratio < 10 else f"x {ratio:.0f}"  # noqa: PLR2004
        row.append(", ".join(filter(None, (shown, one.remarks.get(way)))))
    if cold:
        by_hand, engine = one.cold.get(HAND), one.cold.get(ENGINE)
        row.append(_milliseconds(by_hand and by_hand.seconds))
        row.append(f"x {engine.seconds / by_hand.seconds:.2f}" if by_hand and engine else "")
        row += [f"{run.mebibytes:,.0f}" if run else "" for run in (by_hand, engine)]
    return row


def _mean(measurements: Iterable[Measurement], way: str) -> str:
    ratios = [ratio for one in measurements if (ratio := one.ratio(way)) is not None]
    if not ratios:
        return ""
    return f"x {math.exp(statistics.fmean(map(math.log, ratios))):.2f}"


def _milliseconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:,.1f}" if seconds < 1 else f"{seconds * 1000:,.0f}"


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
