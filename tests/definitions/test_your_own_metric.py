"""The guide to an own metric does what it says, word by word."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import duckdb
import pytest

from definitions.conftest import DEMO_VARIABLES
from definitions.warehouses import ROOT

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.slow

GUIDE = ROOT / "docs" / "your_own_metric.md"


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.xdist_group("demo")
def test_the_guide(demo_project: BuiltProject, broken_project: BuiltProject) -> None:
    copy = broken_project
    [definition] = _blocks("yaml")
    (copy.project / "metrics" / "enterprise_win_rate.yml").write_text(definition)
    asked = []
    for block in _blocks("sh"):
        for line in block.splitlines():
            command, *arguments = shlex.split(line)
            if command == "dbt" or arguments[:1] == ["build"]:
                arguments += ["--vars", DEMO_VARIABLES]
            shown = copy.run(command, *arguments)
            if arguments[0] == "query":
                asked.append(shown)

    by_segment = demo_project.answer(
        "duckdb", "win_rate", "metric_time__quarter", "account__segment"
    )
    expected = {
        quarter: rate
        for (quarter, segment), rate in by_segment.items()
        if segment == "Enterprise" and rate is not None
    }
    assert expected
    path = str((copy.project / "warehouse" / "sales_pipeline.duckdb").resolve())
    with duckdb.connect(path, read_only=True) as connection:
        exported = connection.execute(
            "select metric_time__quarter, enterprise_win_rate"
            " from exports.export_enterprise_win_rate_quarterly"
            " where enterprise_win_rate is not null"
        ).fetchall()
    assert dict(exported) == pytest.approx(expected)
    newest = max(expected)
    for answer in asked:
        assert f"{newest:%Y-%m-%d}" in answer
    # mf query and metrics query.
    assert len(asked) > 1
