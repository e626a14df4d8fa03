"""`review.yml` is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.review.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_settings(tmp_path).data.steps == ()
    (tmp_path / "review.yml").write_text("")
    assert read_settings(tmp_path).data.vars == {}


def test_steps_and_variables(tmp_path: Path) -> None:
    (tmp_path / "review.yml").write_text(
        "data:\n  steps: [\"load shop '{directory}'\"]\n  vars: {day: 2024-12-31}\n"
    )
    assert read_settings(tmp_path).data.steps == ("load shop '{directory}'",)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("dat: {}", "dat: "),
        ("data: {step: []}", "data.step: "),
        ("data: {steps: load}", "data.steps: "),
        ("data: {steps: [rm -rf /]}", "a step starts with demo or load"),
        ("data: {steps: ['']}", "a step starts with demo or load"),
        ('data: {steps: ["load \'a"]}', "data.steps: "),
        ("data: {vars: []}", "data.vars: "),
        ("[]", "review.yml"),
        ("a: [", "review.yml"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, content: str, where: str) -> None:
    (tmp_path / "review.yml").write_text(content)
    with pytest.raises(MetricsStoreError) as raised:
        read_settings(tmp_path)
    assert where in raised.value.where
