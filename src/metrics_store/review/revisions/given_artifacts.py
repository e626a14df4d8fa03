"""A directory of dbt's artifacts, given instead of a git revision."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import MANIFEST, SEMANTIC_MANIFEST

SCHEMA_VERSION = "https://schemas.getdbt.com/dbt/manifest/v12.json"

# Many times what the largest projects have.
_LARGEST_BYTES = 1024**3


def find_artifacts(name: str) -> Path | None:
    """Give the directory with artifacts that is called so; none where it is none.

    Raises:
        MetricsStoreError: There is a `manifest.json`, but no `semantic_manifest.json` beside it.
    """
    path = Path(name)
    directory = path.parent if path.name == MANIFEST else path
    try:
        if not (directory / MANIFEST).is_file():
            return None
    except OSError:  # longer than a path may be
        return None
    if not (directory / SEMANTIC_MANIFEST).is_file():
        raise MetricsStoreError(
            f"there is no {SEMANTIC_MANIFEST} beside {MANIFEST}",
            where=str(directory),
            expected="both, as dbt writes them into target/",
            remedy="run `dbt compile` there",
        )
    return directory.resolve()


def artifacts_key(directory: Path) -> str:
    """Give the key of what the artifacts say (64 hexadecimal digits)."""
    digest = hashlib.sha256()
    for name in (MANIFEST, SEMANTIC_MANIFEST):
        _require_size(directory / name)
        digest.update((directory / name).read_bytes())
    return digest.hexdigest()


def check_artifacts(directory: Path, adapter_type: str) -> None:
    """Check that artifacts from elsewhere are of the kind that this package reads.

    Raises:
        MetricsStoreError: They are broken, of another version or warehouse, or not compiled.
    """
    manifest = read_object(directory / MANIFEST)
    read_object(directory / SEMANTIC_MANIFEST)
    metadata = manifest.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    where = str(directory / MANIFEST)
    if (version := metadata.get("dbt_schema_version")) != SCHEMA_VERSION:
        raise MetricsStoreError(
            "the manifest is of another version of dbt's format",
            where=f"{where}, metadata.dbt_schema_version: {version}",
            expected=SCHEMA_VERSION,
            remedy="compile the project with dbt 1.8 or newer, or name its git revision instead",
        )
    if (found := metadata.get("adapter_type")) != adapter_type:
        raise MetricsStoreError(
            "the manifest was made for another kind of warehouse",
            where=f"{where}, metadata.adapter_type: {found}",
            expected=f"{adapter_type}, as the target has",
            remedy="choose the target with --target, or compile the project for this one",
        )
    nodes = manifest.get("nodes")
    if not isinstance(nodes, dict) or not all(isinstance(node, dict) for node in nodes.values()):
        raise MetricsStoreError("the manifest has no nodes", where=where)
    for node in nodes.values():
        if _is_uncompiled(node):
            raise MetricsStoreError(
                "the manifest lacks the compiled SQL of its models",
                where=f"{where}, {node.get('name')}",
                expected="a manifest that `dbt compile`, `dbt run` or `dbt build` wrote",
                remedy="run `dbt compile` there",
            )


def read_object(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        MetricsStoreError: The file is missing, too large, or holds something else.
    """
    _require_size(path)
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise MetricsStoreError(
            f"{path.name} cannot be read as JSON",
            where=f"{path}: {error}",
            remedy="let dbt write it anew",
        ) from error
    if not isinstance(content, dict):
        raise MetricsStoreError(f"{path.name} holds no JSON object", where=str(path))
    return content


def _require_size(path: Path) -> None:
    size = path.stat().st_size if path.exists() else 0
    if size > _LARGEST_BYTES:
        raise MetricsStoreError(
            f"{path.name} is larger than any manifest",
            where=f"{path}: {size:,} bytes",
            expected=f"at most {_LARGEST_BYTES:,}",
        )


def _is_uncompiled(node: dict[str, Any]) -> bool:
    return (
        node.get("resource_type") == "model"
        and node.get("language") == "sql"
        and not isinstance(node.get("compiled_code"), str)
    )
