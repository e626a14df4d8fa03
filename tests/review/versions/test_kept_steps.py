"""A step of a history is compared once for its two states, the SQL and the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.versions import kept_steps
from metrics_store.review.versions.kept_steps import KeptSteps

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_each_step_is_compared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    compared: list[dict[str, Any]] = []

    def compare() -> list[dict[str, Any]]:
        compared.append({"name": f"metric_{len(compared)}"})
        return compared[-1:]

    def step(before: str, after: str, dialect: str = "duckdb") -> str:
        [change] = KeptSteps(dialect).step(before, after, compare)
        return str(change["name"])

    assert not KeptSteps("duckdb").has("", "a")
    assert [step("", "a"), step("a", "b"), step("", "a"), step("b", "a")] == [
        "metric_0", "metric_1", "metric_0", "metric_2",
    ]  # fmt: skip
    assert KeptSteps("duckdb").has("", "a")
    assert step("", "a", "postgres") == "metric_3"
    monkeypatch.setattr(kept_steps, "program_digest", lambda: "another program")
    assert step("", "a") == "metric_4"
    assert step("a", "b") == "metric_5"
