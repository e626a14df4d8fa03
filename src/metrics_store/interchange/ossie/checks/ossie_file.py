"""Reads the file of an Ossie document: JSON, or YAML without aliases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.ossie.checks.content_limits import MOST_DEPTH, content_problem

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 50_000_000


def read_ossie_file(path: Path) -> dict[str, Any]:
    """Read the document in a file.

    Raises:
        MetricsStoreError: The file is missing or too large, or holds no single mapping of JSON or
            YAML in which each key stands once.
    """
    content = _content(path, _text(path))
    problem = content_problem(content)
    if problem:
        raise _error(path, problem, f"text in UTF-8, of at most {MOST_DEPTH} levels")
    if not isinstance(content, dict):
        raise _error(path, "it holds no mapping", "the keys `version` and `semantic_model`")
    return content


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _error(path, "the file is too large", "a document of at most 50 MB")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _error(path, "the file is no text in UTF-8", "JSON or YAML in UTF-8") from error
    except OSError as error:
        raise _error(path, "the file cannot be read", "the file of a document") from error


def _content(path: Path, text: str) -> Any:  # noqa: ANN401 - whatever it holds
    try:
        return _json(text) if path.suffix == ".json" else _yaml(text)
    except (RecursionError, _DepthError) as error:
        raise _error(
            path, f"it is nested deeper than {MOST_DEPTH} levels", f"at most {MOST_DEPTH} levels"
        ) from error
    except _AliasError as error:
        raise _error(path, "it has an alias (`*name`)", "each part written out") from error
    except _DuplicateError as error:
        raise _error(path, str(error), "each key once") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _error(path, f"it is no JSON at {where}", "a JSON document") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _error(path, f"it is no plain YAML{where}", "a YAML document") from error
    except (yaml.YAMLError, ValueError) as error:
        raise _error(path, "it cannot be read", "a JSON or YAML document") from error


class _DuplicateError(ValueError):
    """A key stands twice in one mapping."""


class _AliasError(ValueError):
    """A part of the document stands for another."""


class _DepthError(ValueError):
    """Mappings and lists are nested too deeply."""


def _error(path: Path, found: str, expected: str) -> MetricsStoreError:
    return MetricsStoreError(
        f"this is no Ossie document: {found}", where=str(path), expected=expected
    )


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DuplicateError(f"the key `{key}` stands twice in one mapping")
        found[key] = value
    return found


def _json(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    return json.loads(text, object_pairs_hook=_mapping)


class _OnceLoader(yaml.CSafeLoader):
    """Reads YAML in which each key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own
        names = [(one.value, None) for one, _ in node.value if isinstance(one, yaml.ScalarNode)]
        _mapping(names)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def _yaml(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            # A few of them can stand for more than fits into memory.
            raise _AliasError
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise _DepthError
    return yaml.load(text, _OnceLoader)  # noqa: S506 - a safe loader
