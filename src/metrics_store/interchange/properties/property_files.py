"""Writes definitions as dbt's YAML files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.access.policies.policy_file import POLICY_FILE
from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.yaml_text import yaml_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from metrics_store.interchange.properties.property_values import Properties

# dbt renders what stands in YAML, but not what stands under these.
_NOT_RENDERED = ("filter", "where")
_MARKS = ("{{", "{%", "{#")


def definition_files(
    definitions: Mapping[str, list[Properties]], policies: Properties
) -> dict[str, str]:
    """Give the files of definitions, by their names.

    Args:
        definitions: Properties by their part: `semantic_models`, `metrics`, `saved_queries`.
        policies: What the policy file says; nothing where there is none.
    """
    files = {
        f"{part}.yml": yaml_text({part: [_literal(one) for one in each]})
        for part, each in definitions.items()
        if each
    }
    return {**files, POLICY_FILE: yaml_text(policies)} if policies else files


def write_files(directory: Path, files: Mapping[str, str], *, replace: bool) -> list[Path]:
    """Write files, and give them.

    Raises:
        MetricsStoreError: Another is there, and is not to be replaced.
    """
    paths = {directory / name: text for name, text in files.items()}
    there = [path for path in paths if path.exists()]
    if there and not replace:
        raise MetricsStoreError(
            "files are there that would be written over",
            where=", ".join(map(str, there)),
            remedy="choose another directory, or write over them by --replace",
        )
    directory.mkdir(parents=True, exist_ok=True)
    for path, text in paths.items():
        path.write_text(text, encoding="utf-8")
    return list(paths)


def _literal(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Write texts so that dbt, which renders them, gives them back as they are."""
    if isinstance(value, dict):
        return {key: one if key in _NOT_RENDERED else _literal(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_literal(one) for one in value]
    if isinstance(value, str) and any(mark in value for mark in _MARKS):
        for mark in _MARKS:
            value = value.replace(mark, f"\0{_MARKS.index(mark)}")
        for number, mark in enumerate(_MARKS):
            value = value.replace(f"\0{number}", "{{ '" + mark + "' }}")
    return value
