"""What holds of any changes together, and of the fingerprints themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics_store.review.changes.project_review import review
from review.corpus.edits import applied
from review.corpus.mixed import FAR_APART, together
from review.corpus.spelling import INDEPENDENT

if TYPE_CHECKING:
    from pathlib import Path

    from review.corpus.change import Change
    from review.corpus.conftest import Bench

_FEW = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_FINGERPRINTS = """
import json, pathlib, sys
from metrics_store.review.projects.project_reader import read_project
project = pathlib.Path(sys.argv[1])
manifest, semantic_manifest = (
    json.loads((project / "target" / f"{name}.json").read_text())
    for name in ("manifest", "semantic_manifest")
)
read = read_project(manifest, semantic_manifest, project)
for name, one in sorted(read.definitions.items()):
    print(name, one.fingerprint, *sorted(field.own_value for field in one.fields.values()))
for name, model in sorted(read.models.by_identity.items()):
    print(name, model.rows, model.whole, sorted(model.columns.items()))
"""


@pytest.mark.slow
@pytest.mark.xdist_group("changes_0")
@_FEW
@given(changes=st.sets(st.sampled_from(INDEPENDENT), min_size=2))
def test_any_changes_of_the_format_are_none(changes: set[Change], bench: Bench) -> None:
    edits = tuple(edit for change in changes for edit in change.edits)
    compiled = bench.market.compiled(applied(edits, bench.files))
    assert review(bench.base.compiled.definitions, compiled.definitions, "duckdb").changes == ()


@pytest.mark.slow
@pytest.mark.xdist_group("changes_1")
@_FEW
@given(changes=st.lists(st.sampled_from(FAR_APART), min_size=2, unique_by=lambda one: one.name))
def test_changes_far_apart_are_what_they_are_alone(changes: list[Change], bench: Bench) -> None:
    all_of_them = together("all", *changes)
    compiled = bench.market.compiled(applied(all_of_them.edits, bench.files))
    found = review(bench.base.compiled.definitions, compiled.definitions, "duckdb")
    assert {one.identity: one.tier for one in found.changes} == all_of_them.tiers


@pytest.mark.slow
@pytest.mark.xdist_group("changes_0")
def test_fingerprints_are_the_same_in_every_process(bench: Bench, tmp_path: Path) -> None:
    bench.market.compiled(bench.files)
    said = [
        subprocess.run(
            [sys.executable, "-c", _FINGERPRINTS, str(bench.market.directory)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1] != ""
