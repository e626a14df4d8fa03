"""A question that was planned before imports little, and is answered the same."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

_ASKED = ["query", "--metrics", "revenue", "--group-by", "metric_time__month", "--format", "csv"]
# A process of its own: the commands of the other tests have imported everything.
_PROGRAM = """
import sys
from metrics_store.cli import main
sys.argv = ["metrics", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
import numpy
numpy.array([1])
"""
_NEEDLESS = {"numpy", "pandas", "jinja2", "metricflow", "metricflow_semantics", "pydantic", "dbt"}


def test_a_repeated_question(shop: Path, tmp_path: Path) -> None:
    first, again = (
        subprocess.run(
            [sys.executable, "-c", _PROGRAM, *_ASKED],
            cwd=shop,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
            check=True,
            capture_output=True,
            text=True,
        )
        for _ in range(2)
    )
    assert again.stdout == first.stdout
    assert again.stdout.count("\n") > 1
    assert "metricflow" in first.stderr.split()
    assert not _NEEDLESS & set(again.stderr.split())
