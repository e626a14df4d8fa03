"""What a build tells dbt of the tests: whether what it starts from has passed them as they are.

Definitions may then have an incremental run test what it rewrites. dbt passes the word on as
`dbt_metadata_envs`, which parsing does not depend on, and notes it in the manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import yaml

from metrics_store.project.artifacts import MANIFEST
from metrics_store.project.location import PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.build.build_options import BuildOptions

_PREFIX = "DBT_ENV_CUSTOM_ENV_"
_TESTED_BEFORE = "TESTED_BEFORE"
_DEFINITIONS = "METRICS_TESTED_DEFINITIONS"
# dbt's own ways to leave tests out.
_LEAVING_OUT = ("DBT_EXCLUDE_RESOURCE_TYPES", "DBT_RESOURCE_TYPES")
_PACKAGES = ("packages.yml", "dependencies.yml", "package-lock.yml")
_DIRECTORIES = ("model", "macro", "test", "snapshot", "seed")
_KINDS = {".sql", ".yml", ".yaml", ".py"}


@contextmanager
def telling_what_was_tested(
    project_directory: Path, live: Path, options: BuildOptions
) -> Iterator[None]:
    """Set for dbt, in the block, whether the live warehouse passed the tests that it will run.

    It did if the build that made it ran all tests, and no definition is another since. A build of
    a part, or one that leaves tests out, vouches for nothing.

    Args:
        project_directory: The dbt project.
        live: The artifacts of what is live.
        options: The build's options.
    """
    definitions = definitions_hash(project_directory)
    is_tested = not options.all_tests and _tested_definitions(live) == definitions
    set_here = {_TESTED_BEFORE: "true" if is_tested else "false"}
    if not (options.select or options.exclude or any(name in os.environ for name in _LEAVING_OUT)):
        set_here[_DEFINITIONS] = definitions
    variables = {f"{_PREFIX}{name}": value for name, value in set_here.items()}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def definitions_hash(project_directory: Path) -> str:
    """Give a hash of the definitions, tests among them: of all files but data."""
    file = project_directory / PROJECT_FILE
    project = yaml.safe_load(file.read_text(encoding="utf-8"))
    paths = [file, *(project_directory / name for name in _PACKAGES)]
    for kind in _DIRECTORIES:
        for name in project.get(f"{kind}-paths") or [f"{kind}s"]:
            paths += (project_directory / name).rglob("*")
    content = hashlib.sha256()
    for path in sorted({path for path in paths if path.suffix in _KINDS and path.is_file()}):
        content.update(f"{path.relative_to(project_directory)}\0".encode())
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


def _tested_definitions(artifacts: Path) -> str | None:
    try:
        manifest = json.loads((artifacts / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    found: str | None = (manifest["metadata"].get("env") or {}).get(_DEFINITIONS)
    return found
