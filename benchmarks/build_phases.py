"""Where the seconds of a build went, from what dbt noted of its run."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# Folders of models that are told apart; everything else goes by its kind.
_FOLDERS = ("staging", "intermediate", "marts", "exports", "reports")


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _phase(unique_id: str, nodes: dict[str, Any]) -> str:
    kind = unique_id.partition(".")[0]
    if kind != "model":
        return f"{kind}s"
    folder = nodes[unique_id]["fqn"][1]
    return folder if folder in _FOLDERS else "other models"


def node_seconds(artifacts: Path) -> dict[str, float]:
    """Give the seconds of each node that dbt ran."""
    results = _read(artifacts / "run_results.json")["results"]
    return {result["unique_id"]: result["execution_time"] for result in results}


def phases(artifacts: Path, *, seconds: float) -> dict[str, float]:
    """Break down a build: seconds before, in and after dbt's nodes, and in each kind of node.

    Nodes run side by side, so the kinds are in seconds of dbt's threads and together longer than
    the clock's.

    Args:
        artifacts: Where the build's `manifest.json` and `run_results.json` lie.
        seconds: What the whole command took.
    """
    run = _read(artifacts / "run_results.json")
    nodes = _read(artifacts / "manifest.json")["nodes"]
    started = _moment(run["metadata"]["invocation_started_at"])
    stamps = [
        _moment(step[edge])
        for result in run["results"]
        for step in result["timing"]
        for edge in ("started_at", "completed_at")
    ]
    by_kind: dict[str, float] = defaultdict(float)
    for result in run["results"]:
        by_kind[_phase(result["unique_id"], nodes)] += result["execution_time"]
    parsing, running = min(stamps) - started, max(stamps) - min(stamps)
    return {
        "parse and hooks": parsing,
        "nodes by the clock": running,
        "copy, start-up, swap": seconds - parsing - running,
        **{
            f"  {kind}": by_kind[kind]
            for kind in sorted(by_kind, key=by_kind.__getitem__, reverse=True)
        },
    }
