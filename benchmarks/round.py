"""What a number of questions took, and how it is shown."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from metrics_store.query.metric_request import MetricRequest

HEADER = f"{'milliseconds':<48} {'p50':>8} {'p95':>8} {'p99':>8} {'a second':>9}"


@dataclass
class Round:
    """What a number of questions took.

    Attributes:
        seconds: What each took.
        wall: What all took together.
        cpu: What the server computed for all together, in seconds; none where nobody looked.
        failed: How many had no answer.
    """

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    cpu: float | None = None
    failed: int = 0

    def figures(self) -> dict[str, float]:
        """Give percentiles in milliseconds, and questions a second."""
        cuts = statistics.quantiles(self.seconds, n=100, method="inclusive")
        chosen = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
        found = {name: round(value * 1000, 2) for name, value in chosen.items()}
        found["per_second"] = round(len(self.seconds) / self.wall, 1)
        if self.cpu is not None:
            found["cpu"] = round(1000 * self.cpu / len(self.seconds), 2)
        return found

    def line(self, name: str) -> str:
        """Give the line of a table, under `HEADER`."""
        row = self.figures()
        shown = " ".join(f"{row[key]:8,.1f}" for key in ("p50", "p95", "p99"))
        cpu = f"  {row['cpu']:6.2f} ms of CPU" if "cpu" in row else ""
        failed = f"  {self.failed} FAILED" if self.failed else ""
        return f"{name:<48} {shown} {row['per_second']:9,.0f}{cpu}{failed}"


def timed(work: Callable[[MetricRequest], object], requests: Iterable[MetricRequest]) -> Round:
    """Do something with each request, one by one."""
    found = Round()
    for request in requests:
        began = time.perf_counter()
        work(request)
        found.seconds.append(time.perf_counter() - began)
    found.wall = sum(found.seconds)
    return found
