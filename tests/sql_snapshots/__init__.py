"""The SQL of the benchmark's questions as files, before and after it is rewritten to be faster.

What changes in them is read in review. `pytest --update -k sql_snapshots` writes them anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from comparison.written_questions import read_questions

from metrics_store.query.planner import Planner

if TYPE_CHECKING:
    from comparison.written_questions import WrittenQuestion
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

_DIALECTS = ("duckdb", "postgres")


def changed_snapshots(
    project: str, manifest: PydanticSemanticManifest, *, update: bool
) -> list[str]:
    """Give the names of the files that are not what is planned now; write them where asked to.

    Args:
        project: Whose questions: `sales` or `market`.
        manifest: Its definitions.
        update: Whether the files are written.
    """
    planners = {
        (dialect, optimise): Planner(manifest, dialect, optimise=optimise)
        for dialect in _DIALECTS
        for optimise in (False, True)
    }
    directory = Path(__file__).parent / project
    directory.mkdir(exist_ok=True)
    planned = {
        f"{re.sub(r'[^a-z0-9]+', '_', one.name.lower())}.sql": _text(one, planners)
        for one in read_questions(project, "duckdb")
    }
    known = {
        file.name: file.read_text(encoding="utf-8") for file in sorted(directory.glob("*.sql"))
    }
    changed = sorted(
        name for name in planned.keys() | known.keys() if planned.get(name) != known.get(name)
    )
    if update:
        for name in changed:
            if name in planned:
                (directory / name).write_text(planned[name], encoding="utf-8")
            else:
                (directory / name).unlink()
        return []
    return changed


def _text(question: WrittenQuestion, planners: dict[tuple[str, bool], Planner]) -> str:
    """Give all that is planned for a question, each under what it is."""
    written = [f"-- {question.name}\n"]
    for dialect in _DIALECTS:
        before, after = (
            planners[dialect, optimise].plan(question.request) for optimise in (False, True)
        )
        written.append(f"-- {dialect}, not rewritten\n{before}\n")
        changed = "-- the same as not rewritten" if after == before else after
        written.append(f"-- {dialect}, rewritten\n{changed}\n")
    return "\n".join(written)
