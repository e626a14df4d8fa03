"""Run as a program: read the live warehouse in a tight loop until the input ends.

Fails when a read fails, or when database and manifest are of different builds. Prints the markers
it saw, in the order it saw them.
"""

from __future__ import annotations

import json
import select
import sys
from pathlib import Path

import duckdb

from metrics_store.warehouse.embedded.generations import Warehouse


def main() -> None:
    warehouse = Warehouse(Path(sys.argv[1]))
    seen: list[str] = []
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not select.select([sys.stdin], [], [], 0)[0]:
        current = warehouse.current()
        assert current is not None
        with duckdb.connect(str(current.database), read_only=True) as connection:
            row = connection.execute("select distinct marker from orders").fetchone()
        assert row is not None
        manifest = json.loads((current.artifacts / "manifest.json").read_text())
        described = str(manifest["nodes"]["model.shop.orders"]["config"]["meta"]["marker"])
        assert row[0] == described, (row[0], described)
        if described not in seen:
            seen.append(described)
    sys.stdout.write("\n".join(seen) + "\n")


if __name__ == "__main__":
    main()
