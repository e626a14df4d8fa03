"""The package as a wheel, and projects that an older version of it made."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from metrics_store.project_template.base import Base, write_base
from metrics_store.project_template.project_creation import create_project
from metrics_store.project_template.template_files import read_template
from sharing import made_once

ROOT = Path(__file__).parents[2]

# Takes what the older template had otherwise: the text of a file, none where it had no such file.
MakeOlder = Callable[[Mapping[str, str | None]], Path]


@pytest.fixture
def make_older(tmp_path: Path) -> MakeOlder:
    """Give a function that makes a project as an older version, 0.0.9, made it."""

    def make(otherwise: Mapping[str, str | None]) -> Path:
        project = tmp_path / "my_store"
        create_project(project)
        files = dict(read_template())
        for name, text in otherwise.items():
            if text is None:
                (project / name).unlink()
                del files[name]
            else:
                (project / name).parent.mkdir(parents=True, exist_ok=True)
                (project / name).write_text(text, encoding="utf-8")
                files[name] = text.encode()
        write_base(project, Base("0.0.9", files))
        return project

    return make


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the package, built once a test run."""

    def build(directory: Path) -> None:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", directory]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    (built,) = made_once(tmp_path_factory, "wheel", build).glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed_metrics(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the command `metrics` of an environment that has the wheel, and no clone.

    All else that it needs it finds where these tests find it.
    """
    directory = tmp_path_factory.mktemp("installed") / "environment"
    python = directory / "bin" / "python"
    for arguments in (
        ["-m", "venv", "--without-pip", directory],
        ["-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel],
    ):
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    (packages,) = directory.glob("lib/python*/site-packages")
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return directory / "bin" / "metrics"
