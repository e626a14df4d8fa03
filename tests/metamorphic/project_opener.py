"""A built project opened for the relations: with more metrics, and again under policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from metamorphic.generated_metrics import add_to_manifest
from metamorphic.metric_subject import Subject, is_additive, is_filled
from metamorphic.relation_trials import Opened
from metamorphic.row_policies import ROW_RULES, allows_all, shows_rows
from metamorphic.value_store import Store
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from projects import TARGETS

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from projects import SmallProject


def open_project(
    project: SmallProject,
    directory: Path,
    engine: str,
    stack: ExitStack,
    *,
    times_are_known: bool = True,
) -> Opened:
    """Open copies of a project on an engine, until the stack is closed.

    Args:
        project: The project, which stays as it is.
        directory: Where copies may lie.
        engine: The engine.
        stack: Closes what is opened.
        times_are_known: Whether every row of its facts has a time.
    """
    plain = project.copy(directory / f"{engine}_plain")
    manifest = _with_more(plain, engine)
    rules = ROW_RULES.get(project.directory.name, ())

    def under(policies: str, name: str) -> Store:
        copy = plain.copy(directory / f"{engine}_{name}")
        (copy.directory / "access.yml").write_text(policies, encoding="utf-8")
        return Store(copy.connect(stack, engine), times_are_known)

    store = plain.connect(stack, engine)
    subjects = [
        Subject(
            store.metric(metric["name"]),
            is_additive(manifest, metric),
            is_filled(manifest, metric),
        )
        for metric in manifest["metrics"]
    ]
    return Opened(
        Store(store, times_are_known),
        under(allows_all(), "allowed"),
        subjects,
        under(shows_rows(rules), "limited") if rules else None,
        rules,
    )


def _with_more(project: SmallProject, engine: str) -> dict[str, Any]:
    """Add metrics and saved queries to what is live; give the manifest as it was."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in project.environment.items():
            patch.setenv(name, value)
        target = load_target(project.directory, TARGETS[engine])
    return add_to_manifest(find_live_warehouse(target).artifacts / SEMANTIC_MANIFEST)
