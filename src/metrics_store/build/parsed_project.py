"""What dbt keeps of a build for the next one: how it parsed the project."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from metrics_store.project.artifacts import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

PARTIAL_PARSE = "partial_parse.msgpack"
# dbt puts the variables that start so into the metadata of its manifest.
_ENVIRONMENT = "DBT_ENV_CUSTOM_ENV_"


def keep_parsed_project(artifacts: Path) -> None:
    """Remove everything from an artifacts directory but what dbt parsed."""
    for path in artifacts.iterdir():
        if path.name == PARTIAL_PARSE:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def take_parsed_project(source: Path, artifacts: Path) -> None:
    """Copy what dbt parsed from one artifacts directory to another, if it is there."""
    with suppress(FileNotFoundError):
        shutil.copy2(source / PARTIAL_PARSE, artifacts)


def renew_environment(artifacts: Path) -> None:
    """Put this build's own environment into its manifest.

    Where dbt parses nothing anew, it keeps the metadata of the build that parsed.
    """
    path = artifacts / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    environment = {
        name.removeprefix(_ENVIRONMENT): value
        for name, value in os.environ.items()
        if name.startswith(_ENVIRONMENT)
    }
    if manifest["metadata"].get("env") != environment:
        manifest["metadata"]["env"] = environment
        path.write_text(json.dumps(manifest), encoding="utf-8")
