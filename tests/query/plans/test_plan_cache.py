"""Plans on disk serve the next process, and nothing on disk can break an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from metrics_store.query.plans.plan import Plan
from metrics_store.query.plans.plan_cache import PlanCache
from metrics_store.query.plans.plan_files import PlanScope

if TYPE_CHECKING:
    from pathlib import Path

PLAN = Plan(
    "select 1", ("day", ""), {"revenue": "currency"}, ("revenue",), ("metric_time__day",), ("said",)
)
SCOPE = PlanScope("scope")


def test_the_next_process_has_it(tmp_path: Path) -> None:
    PlanCache(tmp_path / "plans").put(SCOPE, "key", PLAN)
    next_one = PlanCache(tmp_path / "plans")
    assert next_one.get(SCOPE, "key") == PLAN
    assert next_one.get(SCOPE, "other") is None
    assert next_one.get(PlanScope("other"), "key") is None


def test_without_a_directory_it_remembers() -> None:
    cache = PlanCache()
    cache.put(SCOPE, "key", PLAN)
    assert cache.get(SCOPE, "key") is PLAN


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"key": "key"}', '{"key": "other", "template": "drop"}', "\xff"]
)
def test_a_broken_file_is_as_none(content: str, tmp_path: Path) -> None:
    PlanCache(tmp_path).put(SCOPE, "key", PLAN)
    [file] = (tmp_path / "scope").iterdir()
    file.write_bytes(content.encode("latin-1"))
    assert PlanCache(tmp_path).get(SCOPE, "key") is None


def test_a_plan_of_another_question_in_its_place_is_as_none(tmp_path: Path) -> None:
    PlanCache(tmp_path).put(SCOPE, "key", PLAN)
    [file] = (tmp_path / "scope").iterdir()
    file.write_text(json.dumps({**json.loads(file.read_text()), "key": "other"}))
    assert PlanCache(tmp_path).get(SCOPE, "key") is None


def test_others_cannot_put_plans_there(tmp_path: Path) -> None:
    PlanCache(tmp_path).put(SCOPE, "key", PLAN)
    assert (tmp_path / "scope").stat().st_mode & 0o077 == 0
    (tmp_path / "scope").chmod(0o777)
    assert PlanCache(tmp_path).get(SCOPE, "key") is None


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "plans").write_text("a file")
    cache = PlanCache(tmp_path / "plans")
    cache.put(SCOPE, "key", PLAN)
    assert cache.get(SCOPE, "key") == PLAN
