"""What costs much is made once a test run, by whichever test process asks first."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def shared_directory(factory: pytest.TempPathFactory) -> Path:
    """Give the directory that all test processes of this run have in common."""
    own = factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    shared.mkdir(exist_ok=True)
    return shared


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Give a directory that is made once a test run; tests only read it.

    Args:
        factory: pytest's own.
        name: What it is called, unlike all others.
        make: Fills the directory, which does not exist yet.
    """
    directory = shared_directory(factory) / name
    complete = directory.with_name(f"{name}.complete")
    with FileLock(directory.with_name(f"{name}.lock")):
        if not complete.exists():
            # What failed half-way is made anew.
            shutil.rmtree(directory, ignore_errors=True)
            make(directory)
            complete.touch()
    return directory
