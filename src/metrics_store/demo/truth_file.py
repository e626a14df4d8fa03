"""The truth file: what was planted in the demo data, in numbers that checks hold results to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.demo.demo_calendar import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class SourceTruth:
    """What one source system's tables hold.

    Args:
        rows: Table -> number of its rows.
        planted: What was planted -> how often.
        meanings: What was planted -> what exactly is counted.
    """

    rows: Mapping[str, int]
    planted: Counter[str]
    meanings: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """Give rows and counts; what didn't occur stands there with 0."""
        return {
            "rows": dict(sorted(self.rows.items())),
            "planted": {name: self.planted[name] for name in sorted(self.meanings)},
            "meanings": dict(sorted(self.meanings.items())),
        }


def write_truth(path: Path, seed: int, scale: float, sources: Mapping[str, SourceTruth]) -> None:
    """Write the truth of every source system into one JSON file."""
    content = {
        "seed": seed,
        "scale": scale,
        "first_day": FIRST_DAY.isoformat(),
        "last_day": LAST_DAY.isoformat(),
        **{name: source.as_json() for name, source in sources.items()},
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
