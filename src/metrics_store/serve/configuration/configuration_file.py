"""Reads the server's configuration file; errors name the line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.configuration.configuration import Configuration, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

# The words of the validator for what people do not call so.
_EXPECTED = {
    "missing": "this key",
    "model_type": "keys and values",
    "dict_type": "keys and values",
    "list_type": "a list",
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "path_type": "a path",
    "string_pattern_mismatch": "",
}


def read_configuration(path: Path | None) -> Configuration:
    """Read a configuration file; none for the defaults.

    Paths in it are taken from its own directory.

    Raises:
        MetricsStoreError: It cannot be read, or says what the server does not understand.
    """
    if path is None:
        return Configuration()
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text) or {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise MetricsStoreError(
            "the configuration file cannot be read", where=f"{path}: {reason}"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise MetricsStoreError(
            "the configuration file is not YAML", where=f"{path}{line}"
        ) from None
    if root is not None:
        _reject_duplicate_keys(root, path)
    if not isinstance(content, dict):
        raise MetricsStoreError(
            "the configuration file holds no settings", where=str(path), expected="`key: value`"
        )
    try:
        read = Configuration.model_validate(content)
    except ValidationError as error:
        raise _explained(error.errors(include_input=False), root, path) from None
    placed: Configuration = _from_directory(read, path.parent.resolve())
    return placed


def _reject_duplicate_keys(node: yaml.Node, path: Path) -> None:
    """YAML takes the last of two equal keys, and so would hide a forgotten one."""
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if key.value in keys:
                raise MetricsStoreError(
                    f"`{key.value}` stands twice", where=f"{path}:{key.start_mark.line + 1}"
                )
            keys.add(key.value)
            _reject_duplicate_keys(value, path)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _reject_duplicate_keys(item, path)


def _explained(
    problems: Sequence[ErrorDetails], root: yaml.Node | None, path: Path
) -> MetricsStoreError:
    first, *others = problems
    key = ".".join(str(part) for part in first["loc"])
    where = f"{path}:{_line(root, first['loc'])}"
    where += f" ({key})" if key else ""
    more = f"; {len(others)} more after it" if others else ""
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(_section(first["loc"]).model_fields))
        return MetricsStoreError(
            f"the server does not know the setting `{first['loc'][-1]}`{more}",
            where=where,
            expected=f"one of {known}",
        )
    expected = _EXPECTED.get(first["type"]) or first["msg"].removeprefix("Value error, ")
    return MetricsStoreError(
        f"a setting of the server is not right{more}", where=where, expected=expected
    )


def _section(location: tuple[int | str, ...]) -> type[Section]:
    """Find the part of the file that a key stands in."""
    found: type[Section] = Configuration
    for part in location[:-1]:
        if isinstance(part, str) and part in found.model_fields:
            annotation = found.model_fields[part].annotation
            candidates = [annotation, *getattr(annotation, "__args__", ())]
            found = next(
                (one for one in candidates if isinstance(one, type) and issubclass(one, Section)),
                found,
            )
    return found


def _line(root: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """Give the line of the deepest part of a place that the file has."""
    node, line = root, 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = [pair for pair in node.value if pair[0].value == str(part)]
            if not pairs:
                break
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _from_directory(value: Any, directory: Path) -> Any:  # noqa: ANN401 - any part of the file
    """Make every path of a section absolute."""
    if isinstance(value, Path):
        return directory / value.expanduser()
    if isinstance(value, list):
        return [_from_directory(one, directory) for one in value]
    if isinstance(value, Section):
        changed = {
            name: _from_directory(getattr(value, name), directory)
            for name in type(value).model_fields
        }
        return value.model_copy(update=changed)
    return value
