"""`metrics upgrade`: the template's changes come in, and nothing of the user's is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.project_template.base import Base, read_base, write_base
from metrics_store.project_template.project_upgrade import compare_with_template
from metrics_store.project_template.template_files import read_template
from metrics_store.version import __version__
from project_template.test_init import files_below

if TYPE_CHECKING:
    from environment import RunMetrics
    from project_template.conftest import MakeOlder

WIN_RATE, QUOTA = "metrics/win_rate.yml", "metrics/quota.yml"
STAGES, PROFILE = "seeds/stage_map.csv", "profiles.yml"
EXPORT = "models/exports/export_executive_overview.sql"
TEMPLATE = read_template()
PICTURE = "docs/images/superset.png"
NEWEST = {name: content.decode() for name, content in TEMPLATE.items() if name != PICTURE}


def older(name: str) -> str:
    """Give a file as it was before its first line got its end and its last two were added."""
    first, *rest = NEWEST[name].splitlines(keepends=True)
    return first.rstrip("\n") + " older\n" + "".join(rest[:-2])


def outcomes(project: Path) -> dict[str, str]:
    return {one.name: one.outcome.value for one in compare_with_template(project).changes}


def upgrade(project: Path) -> dict[str, str]:
    found = compare_with_template(project)
    found.write()
    return {one.name: one.outcome.value for one in found.changes}


def test_what_was_not_touched_becomes_the_newest(make_older: MakeOlder) -> None:
    project = make_older({WIN_RATE: older(WIN_RATE), QUOTA: None, "models/old.sql": "select 1"})
    assert upgrade(project) == {
        WIN_RATE: "updated",
        QUOTA: "added",
        "models/old.sql": "removed",
    }
    assert {name: (project / name).read_bytes() for name in TEMPLATE} == TEMPLATE
    assert not (project / "models/old.sql").exists()
    assert read_base(project) == Base(__version__, read_template())
    assert outcomes(project) == {}


def test_a_picture_is_taken_whole_or_left(make_older: MakeOlder) -> None:
    project = make_older({PICTURE: "older"})
    assert upgrade(project) == {PICTURE: "updated"}
    assert (project / PICTURE).read_bytes() == TEMPLATE[PICTURE]
    write_base(project, Base("0.0.9", {**TEMPLATE, PICTURE: b"older"}))
    (project / PICTURE).write_bytes(b"\x89mine\0")
    assert upgrade(project) == {PICTURE: "conflict"}
    assert (project / PICTURE).read_bytes() == b"\x89mine\0"


def test_nothing_of_the_users_is_lost(make_older: MakeOlder) -> None:
    changed = (WIN_RATE, STAGES, PROFILE, "METRIC_OWNERS")
    project = make_older({name: older(name) for name in changed} | {"models/old.sql": "select 1"})
    lines = older(WIN_RATE).splitlines(keepends=True)
    middle = len(lines) // 2
    (project / WIN_RATE).write_text("".join([*lines[:middle], "# mine\n", *lines[middle:]]))
    (project / STAGES).write_text(older(STAGES).replace(" older\n", " mine\n"))
    (project / PROFILE).unlink()
    (project / "models/old.sql").write_text("select 2 as mine")
    (project / "models/mine.sql").write_text("select 3")
    assert upgrade(project) == {
        WIN_RATE: "merged",
        STAGES: "conflict",
        PROFILE: "left deleted",
        "models/old.sql": "kept",
        "METRIC_OWNERS": "updated",
    }
    newest = NEWEST[WIN_RATE].splitlines(keepends=True)
    assert (project / WIN_RATE).read_text() == "".join(
        [*newest[:middle], "# mine\n", *newest[middle:]]
    )
    assert (project / STAGES).read_text() == older(STAGES).replace(" older\n", " mine\n")
    assert not (project / PROFILE).exists()
    assert (project / "models/old.sql").read_text() == "select 2 as mine"
    assert (project / "models/mine.sql").read_text() == "select 3"


def test_a_conflict_is_a_patch_that_waits_to_be_settled(
    make_older: MakeOlder, run_metrics: RunMetrics
) -> None:
    project = make_older({STAGES: older(STAGES)})
    (project / STAGES).write_text("mine\n")
    done = run_metrics("upgrade", cwd=project)
    assert done.returncode == 1
    assert f"conflict      {STAGES}  (yours stays" in done.stdout
    rejected = project / f"{STAGES}.rej"
    before, after = older(STAGES).splitlines(), NEWEST[STAGES].splitlines()
    assert rejected.read_text().splitlines()[:2] == [f"--- a/{STAGES}", f"+++ b/{STAGES}"]
    assert {f"-{before[0]}", f"+{after[0]}", f"+{after[-1]}"} < {*rejected.read_text().splitlines()}

    again = run_metrics("upgrade", "--check", cwd=project)
    assert again.returncode == 1
    assert f"{STAGES}.rej" in again.stderr
    rejected.unlink()
    settled = run_metrics("upgrade", "--check", cwd=project)
    assert settled.returncode == 0, settled.stdout
    assert (project / STAGES).read_text() == "mine\n"


def test_a_new_file_does_not_replace_one_of_the_same_name(make_older: MakeOlder) -> None:
    project = make_older({WIN_RATE: None, QUOTA: None})
    (project / WIN_RATE).write_text("mine\n")
    (project / QUOTA).write_text(NEWEST[QUOTA])
    assert upgrade(project) == {WIN_RATE: "conflict"}
    assert (project / WIN_RATE).read_text() == "mine\n"
    assert (project / f"{WIN_RATE}.rej").read_text().startswith(f"--- /dev/null\n+++ b/{WIN_RATE}")


def test_what_stands_in_a_files_place_stays(make_older: MakeOlder, tmp_path: Path) -> None:
    project = make_older({WIN_RATE: older(WIN_RATE), QUOTA: older(QUOTA)})
    elsewhere = tmp_path / "elsewhere.yml"
    elsewhere.write_text(older(WIN_RATE))
    (project / WIN_RATE).unlink()
    (project / WIN_RATE).symlink_to(elsewhere)
    (project / QUOTA).unlink()
    (project / QUOTA).mkdir()
    assert upgrade(project) == {WIN_RATE: "conflict", QUOTA: "conflict"}
    assert (project / WIN_RATE).is_symlink()
    assert elsewhere.read_text() == older(WIN_RATE)
    assert (project / QUOTA).is_dir()


def test_text_that_is_none_is_not_merged(make_older: MakeOlder) -> None:
    project = make_older({WIN_RATE: older(WIN_RATE)})
    (project / WIN_RATE).write_bytes(b"\x00\xff" + older(WIN_RATE).encode())
    assert upgrade(project) == {WIN_RATE: "conflict"}
    assert (project / WIN_RATE).read_bytes() == b"\x00\xff" + older(WIN_RATE).encode()


def test_what_a_command_writes_is_not_merged(
    make_older: MakeOlder, run_metrics: RunMetrics
) -> None:
    project = make_older({EXPORT: NEWEST[EXPORT] + "-- older\n"})
    mine = NEWEST[EXPORT].replace("SELECT", "SELECT /* mine */")
    (project / EXPORT).write_text(mine)
    done = run_metrics("upgrade", cwd=project)
    assert done.returncode == 0, done.stderr
    assert f"{EXPORT}  (yours stays; `metrics exports` writes it anew)" in done.stdout
    assert (project / EXPORT).read_text() == mine
    assert not (project / f"{EXPORT}.rej").exists()


@pytest.mark.parametrize(("option", "exit_code"), [("--dry-run", 0), ("--check", 1)])
def test_what_would_change_is_shown_and_nothing_is_written(
    make_older: MakeOlder, run_metrics: RunMetrics, option: str, exit_code: int
) -> None:
    project = make_older({WIN_RATE: older(WIN_RATE), QUOTA: None})
    before = files_below(project)
    done = run_metrics("upgrade", option, "--diff", cwd=project)
    assert done.returncode == exit_code, done.stderr
    assert f"metrics-store 0.0.9 -> {__version__}" in done.stdout
    assert f"  updated       {WIN_RATE}\n" in done.stdout
    assert f"-{older(WIN_RATE).splitlines()[0]}\n" in done.stdout
    assert files_below(project) == before


def test_what_was_stopped_is_done_again(
    make_older: MakeOlder, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_older({WIN_RATE: older(WIN_RATE), QUOTA: older(QUOTA), STAGES: older(STAGES)})
    lines = older(QUOTA).splitlines(keepends=True)
    (project / QUOTA).write_text("".join([*lines[:9], "# mine\n", *lines[9:]]))
    replace, moved = Path.replace, []

    def stopped(path: Path, target: Path) -> Path:
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(target)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        upgrade(project)
    monkeypatch.undo()
    assert read_base(project).version == "0.0.9"
    upgrade(project)
    assert (project / QUOTA).read_text().count("# mine\n") == 1
    for name in (WIN_RATE, STAGES):
        assert (project / name).read_text() == NEWEST[name]
    assert outcomes(project) == {}


def test_what_cannot_be_written_is_told(make_older: MakeOlder) -> None:
    project = make_older({QUOTA: None})
    (project / "metrics").rename(project / "elsewhere")
    (project / "metrics").write_text("mine")
    with pytest.raises(MetricsStoreError, match="cannot be written") as raised:
        upgrade(project)
    assert str(project / "metrics") in raised.value.where
    assert (project / "metrics").read_text() == "mine"


def test_no_newer_project_is_made_older(make_older: MakeOlder) -> None:
    project = make_older({})
    write_base(project, Base("99.0.0", read_template()))
    with pytest.raises(MetricsStoreError, match="newer template") as raised:
        compare_with_template(project)
    assert "pip install" in raised.value.remedy


@pytest.mark.parametrize("name", ["version.yml", "files.zip"])
def test_a_lost_or_damaged_base_is_told(make_older: MakeOlder, name: str) -> None:
    project = make_older({WIN_RATE: older(WIN_RATE)})
    (project / ".template" / name).write_bytes(b"[")
    with pytest.raises(MetricsStoreError, match="cannot be read") as raised:
        compare_with_template(project)
    assert "history" in raised.value.remedy
    (project / ".template" / name).unlink()
    with pytest.raises(MetricsStoreError, match="does not say") as raised:
        compare_with_template(project)
    assert name in raised.value.where


def test_without_git_nothing_is_changed(
    make_older: MakeOlder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = make_older({WIN_RATE: older(WIN_RATE)})
    (project / WIN_RATE).write_text(older(WIN_RATE) + "# mine\n")
    before = files_below(project)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MetricsStoreError, match="git is not installed"):
        upgrade(project)
    assert files_below(project) == before
