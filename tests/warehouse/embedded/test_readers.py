"""Readers go on reading while generations change under them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from stages import write_marker

from metrics_store.warehouse.embedded.generations import Warehouse

# Looks up the live generation, opens it and reads both markers, until its input ends.
READER = """
import select, sys
from pathlib import Path
from stages import read_marker
from metrics_store.warehouse.embedded.generations import Warehouse
seen = []
warehouse = Warehouse(Path(sys.argv[1]))
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    word, artifacts_word = read_marker(warehouse.current())
    assert word == artifacts_word, (word, artifacts_word)
    if word not in seen[-1:]:
        seen.append(word)
print(len(seen), seen == sorted(seen, key=int))
"""


@pytest.mark.slow
def test_readers_never_fail_and_never_see_two_generations_mixed(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "wh.duckdb")
    with warehouse.next_generation() as generation:
        write_marker(generation, "0")
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(warehouse.live_path)],
        cwd=Path(__file__).parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(1, 31):
            with warehouse.next_generation() as generation:
                write_marker(generation, str(number))
        output, errors = reader.communicate()
    assert errors == ""
    seen, in_order = output.split()
    assert int(seen) > 5
    assert in_order == "True"
