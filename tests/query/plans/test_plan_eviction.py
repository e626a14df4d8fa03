"""Plans on disk make room for others, whoever else reads and writes them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from metrics_store.query.plans.plan import Plan
from metrics_store.query.plans.plan_cache import PlanCache
from metrics_store.query.plans.plan_eviction import SCOPE_FILE, evict
from metrics_store.query.plans.plan_files import PlanScope

if TYPE_CHECKING:
    from pathlib import Path

PLAN = Plan("select 1")
HOUR, DAY = 3600, 24 * 3600


def _scope(directory: Path, name: str, content: str = "{}") -> PlanScope:
    manifest = directory / f"{name}_manifest.json"
    manifest.write_text(content)
    return PlanScope(name, manifest, hashlib.sha256(content.encode()).hexdigest())


def _plans(directory: Path) -> dict[str, int]:
    """Give how many plans each scope has; a scope without any counts as well."""
    return {
        scope.name: sum(one.suffix == ".json" for one in scope.iterdir())
        for scope in sorted(directory.iterdir())
    }


def _age(directory: Path, scope: str, seconds: float) -> None:
    for file in (directory / scope).iterdir():
        os.utime(file, (time.time() - seconds,) * 2)


def _keep(plans: Path, scope: PlanScope, count: int, most: int = 1_000) -> None:
    cache = PlanCache(plans, most)
    for number in range(count):
        cache.put(scope, f"{scope.name} {number}", PLAN)


def test_a_full_directory_takes_new_plans(tmp_path: Path) -> None:
    plans, scope = tmp_path / "plans", _scope(tmp_path, "live")
    _keep(plans, scope, 300, most=100)
    found = PlanCache(plans)
    assert found.get(scope, "live 299") == PLAN
    assert found.get(scope, "live 0") is None
    # Between two looks at all of them some more may come.
    assert 90 <= _plans(plans)["live"] <= 150


def test_plans_of_definitions_that_are_gone_make_room_first(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    scopes = {name: _scope(tmp_path, name) for name in ("live", "removed", "changed")}
    for scope in scopes.values():
        _keep(plans, scope, 10)
    _age(plans, "live", 5 * DAY)
    (tmp_path / "removed_manifest.json").unlink()
    (tmp_path / "changed_manifest.json").write_text("{ }")
    evict(plans, most=12)
    # Twenty are gone with their definitions; the oldest ones that are live stay.
    assert _plans(plans) == {"live": 10}


def test_those_that_nobody_used_for_longest_go(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    old, recent = _scope(tmp_path, "old"), _scope(tmp_path, "recent")
    for scope in (old, recent):
        _keep(plans, scope, 10)
    _age(plans, "old", 5 * DAY)
    # Another process uses one of the old ones.
    assert PlanCache(plans).get(old, "old 3") == PLAN
    evict(plans, most=12)
    assert _plans(plans) == {"old": 1, "recent": 9}
    assert PlanCache(plans).get(old, "old 3") == PLAN


def test_what_nobody_used_for_a_month_goes_without_need(tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    for name, days in (("old", 31), ("recent", 29)):
        _keep(plans, _scope(tmp_path, name), 1)
        _age(plans, name, days * DAY)
    _keep(plans, _scope(tmp_path, "new"), 1)
    assert _plans(plans) == {"new": 1, "recent": 1}


def test_what_a_killed_process_left_goes(tmp_path: Path) -> None:
    plans, scope = tmp_path / "plans", _scope(tmp_path, "live")
    _keep(plans, scope, 1)
    left, written = plans / "live" / "left.new", plans / "live" / "written.new"
    left.write_text("{")
    os.utime(left, (time.time() - 2 * HOUR,) * 2)
    written.write_text("{")
    evict(plans, most=12)
    assert not left.exists()
    assert written.exists()


def test_definitions_at_another_place_are_not_gone(tmp_path: Path) -> None:
    plans, scope = tmp_path / "plans", _scope(tmp_path, "live")
    _keep(plans, scope, 10)
    moved = tmp_path / "moved.json"
    scope.manifest.rename(moved)  # type: ignore[union-attr]
    # The next build has the same definitions; whoever reads a plan says where they are now.
    again = PlanScope(scope.name, moved, scope.manifest_hash)
    assert PlanCache(plans).get(again, "live 0") == PLAN
    assert str(moved) in (plans / "live" / SCOPE_FILE).read_text()


WORK = """
import sys, pathlib, random
from metrics_store.query.plans.plan_cache import PlanCache
from metrics_store.query.plans.plan_eviction import evict
from metrics_store.query.plans.plan_files import PlanScope
from metrics_store.query.plans.plan import Plan

directory, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2])
choose = random.Random(seed)
found = 0
for turn in range(4):
    cache = PlanCache(directory, 60)
    for _ in range(100):
        scope, key = PlanScope(f"scope{choose.randint(1, 3)}"), f"key{choose.randint(1, 150)}"
        plan = cache.get(scope, key)
        assert plan is None or plan == Plan(f"{scope.name} {key}"), plan
        found += plan is not None
        if plan is None:
            cache.put(scope, key, Plan(f"{scope.name} {key}"))
    evict(directory, 60)
print(found)
"""


def test_processes_at_once(tmp_path: Path) -> None:
    work = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, str(tmp_path / "plans"), str(seed)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(4)
    ]
    for one in work:
        said, failure = one.communicate()
        assert (one.returncode, failure) == (0, "")
        assert int(said) > 0
    assert sum(_plans(tmp_path / "plans").values()) <= 60
    assert not list((tmp_path / "plans").rglob("*.new"))
