"""One statement in a process of its own: seconds when nothing is in memory yet, and most memory.

python statement_process.py < {"database": ..., "sql": ..., "memory": ...}
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.warehouse.embedded.duckdb_executor import Resources


@dataclass(frozen=True)
class ColdRun:
    """What a statement took in a process of its own.

    Attributes:
        seconds: From the opening of the file to the last row.
        mebibytes: What of the process was in memory at most.
    """

    seconds: float
    mebibytes: float


def cold_run(database: Path, sql: str, resources: Resources, limit: float) -> ColdRun | None:
    """Run a statement in a new process; give none where it takes too long or fails."""
    asked = {"database": str(database), "sql": sql, "memory": resources.memory}
    try:
        done = subprocess.run(
            [sys.executable, __file__],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            timeout=limit + 30,
        )
    except subprocess.TimeoutExpired:
        return None
    return ColdRun(**json.loads(done.stdout)) if done.returncode == 0 else None


def _most_memory() -> float:
    """Give the most memory that this process had, in MiB; that of its parent does not count."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise OSError("the system does not say how much memory a process had")


def _main() -> None:
    from metrics_store.warehouse.embedded.duckdb_executor import (  # noqa: PLC0415
        Resources,
        connect_read_only,
    )

    asked = json.load(sys.stdin)
    began = time.perf_counter()
    connection = connect_read_only(Path(asked["database"]), Resources(memory=asked["memory"]))
    connection.sql(asked["sql"]).to_arrow_table()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "mebibytes": _most_memory()}))


if __name__ == "__main__":
    _main()
