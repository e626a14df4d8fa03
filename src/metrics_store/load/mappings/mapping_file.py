"""Reads a mapping file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_options import DATES, ENCODINGS, Formats, LoadOptions
from metrics_store.load.mappings.source_mapping import SourceMapping, TableMapping
from metrics_store.load.sql_names import sentence_list

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source

_FORMATS = {"encoding", "dates", "decimal_comma"}
_TABLE = {"files", "columns", "values", "footer", "distinct"}
_YES = {"true": True, "yes": True, "false": False, "no": False}


class _MappingFile:
    """The nodes of one file, and errors that name its lines."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def error(self, what: str, node: yaml.Node, expected: str = "") -> MetricsStoreError:
        where = f"{self.path}:{node.start_mark.line + 1}"
        return MetricsStoreError(what, where=where, expected=expected)

    def pairs(self, node: yaml.Node, what: str, expected: str) -> dict[str, yaml.Node]:
        """Give the entries of a mapping, each key once."""
        if not isinstance(node, yaml.MappingNode):
            raise self.error(f"{what} is no mapping", node, expected)
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in found:
                raise self.error(f"`{key.value}` stands twice", key)
            found[str(key.value)] = value
        return found

    def known(self, node: yaml.Node, names: set[str], what: str) -> dict[str, yaml.Node]:
        """Give the entries of a mapping whose keys are listed."""
        listed = "one of " + ", ".join(sorted(names))
        found = self.pairs(node, what, listed)
        for key, value in found.items():
            if key not in names:
                raise self.error(f"{what} has no setting `{key}`", value, listed)
        return found

    def text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.error(f"{what} is no text", node, "one value")
        return str(node.value)

    def choice(self, node: yaml.Node, what: str, choices: tuple[str, ...]) -> str:
        given = self.text(node, what).lower()
        if given not in choices:
            raise self.error(f"{what} is {given!r}", node, "one of " + ", ".join(choices))
        return given

    def flag(self, node: yaml.Node, what: str) -> bool:
        return _YES[self.choice(node, what, tuple(_YES))]

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.text(one, what) for one in node.value)
        return (self.text(node, what),)

    def text_pairs(self, node: yaml.Node, what: str, expected: str) -> dict[str, str]:
        pairs = self.pairs(node, what, expected)
        return {key: self.text(value, f"{what}: {key}") for key, value in pairs.items()}

    def formats(self, settings: dict[str, yaml.Node], default: Formats) -> Formats:
        found = default
        if "encoding" in settings:
            chosen = self.choice(settings["encoding"], "the encoding", tuple(ENCODINGS))
            found = replace(found, encoding=chosen)
        if "dates" in settings:
            found = replace(found, dates=self.choice(settings["dates"], "dates", DATES))
        if "decimal_comma" in settings:
            comma = self.flag(settings["decimal_comma"], "decimal_comma")
            found = replace(found, decimal_comma=comma)
        return found

    def table(self, name: str, node: yaml.Node, default: Formats) -> TableMapping:
        settings = self.known(node, _TABLE | _FORMATS, f"the table {name}")
        columns = self._columns(settings.get("columns"))
        values = {}
        if "values" in settings:
            expected = "a column, with value: value under it"
            for column, pairs in self.pairs(settings["values"], "values", expected).items():
                values[column] = self.text_pairs(pairs, f"values of {column}", expected)
        footer, distinct = settings.get("footer"), settings.get("distinct")
        is_distinct = bool(distinct and self.flag(distinct, "distinct"))
        if is_distinct and not columns:
            raise self.error(f"the table {name} is distinct in no column", node, "columns")
        return TableMapping(
            files=self.texts(settings["files"], "files") if "files" in settings else (),
            columns=columns,
            values=values,
            has_footer=bool(footer and self.flag(footer, "footer")),
            is_distinct=is_distinct,
            formats=self.formats(settings, default),
            where=str(self.path),
        )

    def _columns(self, node: yaml.Node | None) -> dict[str, str]:
        if node is None:
            return {}
        found = self.text_pairs(node, "columns", "a column of the contract: its name in the file")
        for name in found:
            if not (name.isidentifier() and name.isascii() and name == name.lower()):
                expected = "small letters, digits and underscores, as in the contract"
                raise self.error(f"no column can be named {name!r}", node, expected)
        return found


def _root(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise MetricsStoreError(
            "the mapping file cannot be read", where=f"{path}: {reason}"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise MetricsStoreError("the mapping file is not YAML", where=f"{path}{line}") from None


def read_mapping(options: LoadOptions, source: Source) -> SourceMapping:
    """Read the mapping file of a load; where it is silent, the load's other options count.

    Raises:
        MetricsStoreError: The file cannot be read, or names what the source does not have.
    """
    if options.mapping is None:
        return SourceMapping(formats=options.formats)
    root, file = _root(options.mapping), _MappingFile(options.mapping)
    if root is None:
        return SourceMapping(formats=options.formats)
    settings = file.known(root, {"tables"} | _FORMATS, "the mapping file")
    formats = file.formats(settings, options.formats)
    tables = {}
    names = [table.name for table in source.tables]
    if "tables" in settings:
        expected = f"one of {sentence_list(names)}"
        for name, node in file.pairs(settings["tables"], "tables", expected).items():
            if name not in names:
                what = f"the source {source.name} has no table {name}"
                raise file.error(what, node, expected)
            tables[name] = file.table(name, node, formats)
    return SourceMapping(tables, formats)
