"""What a seed means: its content, column by column where the file is at hand and small."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metrics_store.review.relations.hashing import fingerprint
from metrics_store.review.relations.relation import Rows, relation, seed_relation

if TYPE_CHECKING:
    from metrics_store.review.relations.relation import Relation

# Up to this size a seed is read column by column; dbt, too, hashes no larger one.
_LARGEST_READ = 1 << 20


def seed_of(node: dict[str, Any]) -> Relation:
    """Give the relation of a seed of the manifest.

    Args:
        node: The seed's node.

    Returns:
        A relation whose columns each have a fingerprint of their own, and in which the order of
        the lines is nothing; where the file is not there or is large, one of its checksum.
    """
    config = node["config"]
    types = {str(key).lower(): value for key, value in (config.get("column_types") or {}).items()}
    path = Path(node.get("root_path") or "") / node["original_file_path"]
    delimiter = str(config.get("delimiter") or ",")
    if path.is_file() and path.stat().st_size <= _LARGEST_READ and len(delimiter) == 1:
        table = _table(path, delimiter)
        if table is not None:
            return _by_column(table, types)
    checksum = node.get("checksum") or {}
    content = str(checksum.get("checksum"))
    if checksum.get("name") == "path" and path.is_file():
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    typed = [f"{name} {value}" for name, value in sorted(types.items())]
    return seed_relation(fingerprint("content", content, delimiter, typed), None)


def _table(path: Path, delimiter: str) -> list[list[str]] | None:
    """Give the lines of a file, the names first; None where they are not all of one width."""
    try:
        text = path.read_text("utf-8-sig")
        lines = [line for line in csv.reader(text.splitlines(), delimiter=delimiter) if line]
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    names = [name.lower() for name in lines[0]] if lines else []
    is_regular = bool(names) and all(len(line) == len(names) for line in lines)
    return lines if is_regular and len(set(names)) == len(names) else None


def _by_column(table: list[list[str]], types: dict[str, Any]) -> Relation:
    names, lines = table[0], sorted(table[1:])
    columns = {
        name.lower(): fingerprint(
            "seed column", str(types.get(name.lower(), "")), [line[place] for line in lines]
        )
        for place, name in enumerate(names)
    }
    order = fingerprint("lines", table[1:])
    return relation(Rows(fingerprint("seed rows", len(lines))), columns, order=order)
