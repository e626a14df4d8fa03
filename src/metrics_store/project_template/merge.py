"""Merge two changes of one text, line by line, as git does."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from metrics_store.errors import MetricsStoreError


def merge(ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """Give a text with both changes of a base; nothing where they are in each other's way.

    Raises:
        MetricsStoreError: There is no git here.
    """
    with TemporaryDirectory() as scratch:
        names = ("ours", "base", "theirs")
        for name, content in zip(names, (ours, base, theirs), strict=True):
            (Path(scratch) / name).write_bytes(content)
        try:
            merged = subprocess.run(
                ["git", "merge-file", "--stdout", *names],  # noqa: S607 - the user's own git
                cwd=scratch,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise MetricsStoreError(
                "git is not installed, or not on the PATH",
                expected="git, which merges what you and the template have both changed",
                remedy="install git and run this again; nothing was changed",
            ) from error
    # Else the number of conflicts, or an error: one of them is no text.
    return merged.stdout if merged.returncode == 0 else None
