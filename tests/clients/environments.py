"""Environments of their own for clients that cannot share ours, made once and kept."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

HERE = Path(__file__).parent


def client_environment(name: str, cache: Path, python: str = sys.executable) -> Path:
    """Give the Python of an environment with a client in it.

    Args:
        name: The file of requirements, without its ending.
        cache: Where environments are kept from one run of the tests to the next.
        python: The Python to make it with.
    """
    requirements = HERE / "requirements" / f"{name}.txt"
    key = hashlib.sha256(f"{python}\n{requirements.read_text()}".encode()).hexdigest()[:12]
    directory = cache / f"{name}-{key}"
    complete = directory / "complete"
    with FileLock(cache / f"{name}.lock"):
        if not complete.exists():
            shutil.rmtree(directory, ignore_errors=True)
            subprocess.run([python, "-m", "venv", directory], check=True, capture_output=True)
            installed = subprocess.run(
                [directory / "bin" / "python", "-m", "pip", "install", "-q", "-r", requirements],
                capture_output=True,
                text=True,
                check=False,
            )
            if installed.returncode:
                reason = (installed.stderr.strip().splitlines() or ["pip says nothing"])[-1]
                pytest.skip(f"pip cannot install {name} here: {reason}")
            complete.touch()
    return directory / "bin" / "python"


def node_environment(name: str, cache: Path) -> Path:
    """Give the directory of packages of npm; skip with a reason where they cannot be had.

    Args:
        name: The file of requirements, without its ending: what `package.json` has.
        cache: Where environments are kept from one run of the tests to the next.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip(f"{name} needs Node.js and npm, and they are not here")
    requirements = (HERE / "requirements" / f"{name}.json").read_text()
    key = hashlib.sha256(requirements.encode()).hexdigest()[:12]
    directory = cache / f"{name}-{key}"
    complete = directory / "complete"
    with FileLock(cache / f"{name}.lock"):
        if not complete.exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            (directory / "package.json").write_text(requirements)
            # Scripts of installations would fetch native code, which nothing here needs.
            command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
            installed = subprocess.run(
                command, cwd=directory, capture_output=True, text=True, check=False
            )
            if installed.returncode:
                reason = (installed.stderr.strip().splitlines() or ["npm says nothing"])[-1]
                pytest.skip(f"npm cannot install {name} here: {reason}")
            complete.touch()
    return directory


def newer_python() -> str:
    """Give a Python of 3.12 or newer; skip where there is none."""
    named = [shutil.which(name) for name in ("python3.13", "python3.12")]
    kept = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser().glob("versions/*/bin/python")
    for python in [sys.executable, *named, *map(str, sorted(kept))]:
        # A shim may be found that starts nothing.
        if python and _says(python, "import sys; print(sys.version_info >= (3, 12))") == "True":
            return python
    pytest.skip("there is no Python of 3.12 or newer here, which dbt-mcp needs")


def _says(python: str, code: str) -> str:
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def run_in(python: Path, script: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run a script of this directory in a client's environment; give the JSON that it prints."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "DBT_", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [python, HERE / script],
        env={**kept, "DO_NOT_TRACK": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed
