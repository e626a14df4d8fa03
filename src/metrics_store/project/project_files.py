"""The state of a dbt project's files as they lie there, with all else that dbt reads of them by."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import TYPE_CHECKING

from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.program_digest import program_digest
from metrics_store.project.project_paths import WHOLE, project_paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target

_VARIABLE = re.compile(rb"env_var\(\s*['\"]([^'\"]+)['\"]")
# Nothing that dbt writes depends on them, and no trace of them is to be left.
_SECRET = re.compile("(?i)pass|token|secret|private_key")


def state_of_files(target: Target) -> str:
    """Give a digest of all that dbt's manifests are made of: the same digest, the same manifests.

    Returns:
        Empty where it cannot be told which files dbt reads.
    """
    root = target.project_directory
    content = (root / PROJECT_FILE).read_bytes()
    paths = project_paths(content, str(root / PROJECT_FILE)).all
    if WHOLE in paths:
        return ""
    digest = hashlib.sha256()
    variables = set()
    for path in sorted(_files(root, paths)):
        read = path.read_bytes()
        variables.update(_VARIABLE.findall(read))
        digest.update(os.fsencode(path.relative_to(root)) + b"\0")
        digest.update(hashlib.sha256(read).digest())
    others = [program_digest(), target.name, _plain(target.settings), _environment(variables)]
    digest.update(json.dumps(others, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _files(root: Path, paths: tuple[str, ...]) -> Iterator[Path]:
    for path in paths:
        if (root / path).is_file():
            yield root / path
        for directory, _, names in os.walk(root / path, followlinks=True):
            yield from (file for name in names if (file := root / directory / name).is_file())


def _environment(names: set[bytes]) -> dict[str, str]:
    """Give the environment variables that the files name, and those that dbt goes by itself."""
    named = {os.fsdecode(name) for name in names}
    return {
        name: value
        for name, value in os.environ.items()
        if (name in named or name.startswith("DBT_")) and not _SECRET.search(name)
    }


def _plain(settings: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in settings.items() if not _SECRET.search(name)}
