"""Artifacts that were made elsewhere are looked at before they are believed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.review.revisions.given_artifacts import SCHEMA_VERSION, check_artifacts

if TYPE_CHECKING:
    from pathlib import Path

MODEL = {"resource_type": "model", "language": "sql", "name": "orders", "compiled_code": "select 1"}
METADATA = {"dbt_schema_version": SCHEMA_VERSION, "adapter_type": "duckdb"}


def written(directory: Path, manifest: str, semantic: str = "{}") -> Path:
    (directory / "manifest.json").write_text(manifest)
    (directory / "semantic_manifest.json").write_text(semantic)
    return directory


def manifest(**changed: object) -> str:
    return json.dumps({"metadata": METADATA, "nodes": {"model.shop.orders": MODEL}, **changed})


def test_what_dbt_compiled_is_fine(tmp_path: Path) -> None:
    check_artifacts(written(tmp_path, manifest()), "duckdb")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "cannot be read as JSON"),
        ("{", "cannot be read as JSON"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("\udcff", "cannot be read as JSON"),
        ("[]", "no JSON object"),
        ("{}", "another version"),
        (manifest(metadata=[]), "another version"),
        (manifest(metadata={"dbt_schema_version": SCHEMA_VERSION[:-7]}), "another version"),
        (manifest(metadata={**METADATA, "adapter_type": "snowflake"}), "another kind"),
        (manifest(nodes=[]), "no nodes"),
        (manifest(nodes={"a": 1}), "no nodes"),
        (manifest(nodes={"a": {**MODEL, "compiled_code": None}}), "lacks the compiled SQL"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, content: str, what: str) -> None:
    written(tmp_path, "")
    (tmp_path / "manifest.json").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(MetricsStoreError, match=what) as raised:
        check_artifacts(tmp_path, "duckdb")
    assert "manifest.json" in raised.value.where


def test_a_broken_semantic_manifest(tmp_path: Path) -> None:
    with pytest.raises(MetricsStoreError, match=r"semantic_manifest\.json cannot be read"):
        check_artifacts(written(tmp_path, manifest(), "{"), "duckdb")
