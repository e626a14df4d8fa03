"""Keeps what dbt builds for a review in the review's own schemas.

A project may have a `generate_schema_name` that puts models where the live ones are. Nothing is
run before every node is known to lie in the review's schemas.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.project.location import PROJECT_FILE
from metrics_store.review.jobs.dbt_failures import failure_of
from metrics_store.warehouse.identifiers import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dbt.contracts.graph.manifest import Manifest

# What a refusal starts with.
OUTSIDE = "these would be written outside of the review's own schemas"

_BUILT = ("model", "seed", "snapshot")
_MOST_NAMES = 10
_MACRO = "generate_schema_name"
_DEFINITION = re.compile(rf"(\{{%[-+]?\s*macro\s+){_MACRO}(\s*\()")
_OVERRIDE = f"""
{{% macro {_MACRO}(custom_schema_name, node) -%}}
    {{{{ target.schema }}}}
    {{%- if custom_schema_name %}}_{{{{ custom_schema_name | trim }}}}{{% endif %}}
{{%- endmacro %}}
"""


def parse_into(place: Mapping[str, Any], arguments: Sequence[str]) -> tuple[Manifest | None, str]:
    """Parse the project in the working directory, a copy, so that it builds into a schema.

    Where its own names of schemas lead elsewhere, the copy's macro that makes them is replaced.

    Args:
        place: `database` and `schema` of the profile (schemas with `_` and more after it are the
            review's too), and `sources`: by id, where the raw tables lie, whatever that schema is.
        arguments: dbt's, without the command.

    Returns:
        The project as it may be built, or none and why it may not.
    """
    manifest, failure = _parse(arguments)
    if manifest is not None and any(_outside(manifest, place)):
        _replace_macro(manifest)
        manifest, failure = _parse(arguments)
    if manifest is None:
        return None, failure
    if outside := [*_outside(manifest, place)]:
        more = [f"and {len(outside) - _MOST_NAMES} more"] if len(outside) > _MOST_NAMES else []
        return None, "\n".join(
            [f"{OUTSIDE}, {place['schema']}_...:", *outside[:_MOST_NAMES], *more]
        )
    for name, lies in place["sources"].items():
        source: Any = manifest.sources.get(name)
        if source is not None:
            source.database, source.schema = lies["database"], lies["schema"]
            source.relation_name = lies["relation_name"]
    return manifest, ""


def _parse(arguments: Sequence[str]) -> tuple[Manifest | None, str]:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - dbt is slow to import

    parsed = dbtRunner().invoke(["parse", "--no-write-json", *arguments])
    if not parsed.success:
        return None, failure_of(parsed)
    return parsed.result, ""  # type: ignore[return-value]


def _outside(manifest: Manifest, place: Mapping[str, Any]) -> Iterator[str]:
    """Name all that is not built within the schema, or under a name that would be cut off."""
    functions = getattr(manifest, "functions", {}).values()
    built = [node for node in manifest.nodes.values() if node.resource_type in _BUILT]
    database, schema = place["database"], place["schema"]
    for node in (*built, *functions):
        name = str(node.schema)
        within = name == schema or name.startswith(f"{schema}_")
        # Of names that are cut off, two schemas would become one.
        if not within or node.database != database or len(name.encode()) > LONGEST_NAME:
            yield f"{node.resource_type} {node.name}: {node.database}.{name}"


def _replace_macro(manifest: Manifest) -> None:
    """Let the copy of the project name its schemas as dbt does; its own macro gets another name."""
    project = str(manifest.metadata.project_name)
    own = manifest.macros.get(f"macro.{project}.{_MACRO}")
    if own is not None:
        file = Path(own.original_file_path)
        text = file.read_text(encoding="utf-8")
        file.write_text(
            _DEFINITION.sub(rf"\1replaced_{_MACRO}\2", text) + _OVERRIDE, encoding="utf-8"
        )
        return
    settings = yaml.safe_load(Path(PROJECT_FILE).read_text(encoding="utf-8"))
    directory = Path((settings.get("macro-paths") or ["macros"])[0])
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "schemas_of_the_review.sql").write_text(_OVERRIDE, encoding="utf-8")
