"""The relation of a seed: its content, column by column for a small file."""

from __future__ import annotations

import csv
import hashlib
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metrics_store.review.relations.fingerprints import fingerprint
from metrics_store.review.relations.relation import Rows, relation, seed_relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.review.relations.relation import Relation

# Up to this size a seed is read column by column; dbt, too, hashes no larger one.
_LARGEST_READ = 1 << 20
# A key is looked for among so many columns, and of so many together.
_COLUMNS_OF_KEYS, _LONGEST_KEY = 8, 3
_MEASURED = re.compile(r"\d[.:]\d")


def read_seed(node: dict[str, Any], files: Path | None, *, by_content: bool = True) -> Relation:
    """Give the relation of a seed of the manifest.

    Args:
        node: The seed's node.
        files: The project that the manifest is of, where it is at hand.
        by_content: Whether to read the file. A seed that is read and one that is not cannot be
            compared: where one side has no files, none is read.

    Returns:
        A relation whose columns each have a fingerprint of their own, and in which the order of
        the lines and of the columns is nothing; where the file is not there, is large or is not
        the one that the manifest is of, one of its checksum.
    """
    config = node["config"]
    types = {str(key).lower(): value for key, value in (config.get("column_types") or {}).items()}
    delimiter = str(config.get("delimiter") or ",")
    checksum = node.get("checksum") or {}
    content = str(checksum.get("checksum"))
    for path in _candidate_files(node, files) if by_content else ():
        if checksum.get("name") == "path":
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            break
        table = _table(path, content, delimiter)
        if table is not None:
            return _by_column(table, types)
    typed = [f"{name} {value}" for name, value in sorted(types.items())]
    return seed_relation(fingerprint("content", content, delimiter, typed), None)


def _candidate_files(node: dict[str, Any], files: Path | None) -> Iterator[Path]:
    """Give the files that may be the seed's."""
    for root in (files, node.get("root_path")):
        if root and (path := Path(root) / node["original_file_path"]).is_file():
            yield path


def _table(path: Path, checksum: str, delimiter: str) -> list[list[str]] | None:
    """Give the lines of a file, the names first.

    None where they are not all of one width, or where it is another file than dbt saw.
    """
    if path.stat().st_size > _LARGEST_READ or len(delimiter) != 1:
        return None
    try:
        text = path.read_bytes().decode()
        if hashlib.sha256(text.strip().encode()).hexdigest() != checksum:
            return None
        read = csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=delimiter)
        lines = [line for line in read if line]
    except (OSError, UnicodeDecodeError, csv.Error):
        return None
    names = [name.lower() for name in lines[0]] if lines else []
    is_regular = bool(names) and all(len(line) == len(names) for line in lines)
    return lines if is_regular and len(set(names)) == len(names) else None


def _by_column(table: list[list[str]], types: dict[str, Any]) -> Relation:
    names = [name.lower() for name in table[0]]
    by_name = dict(zip(names, zip(*table[1:], strict=True), strict=False))
    by_name = {name: by_name.get(name, ()) for name in names}
    keys = _keys(by_name, len(table) - 1)
    columns = {
        name: fingerprint(
            "seed column",
            str(types.get(name, "")),
            sorted([*key, value] for key, value in zip(keys, values, strict=True)),
        )
        for name, values in by_name.items()
    }
    order = fingerprint("lines", [list(key) for key in keys])
    return relation(Rows(fingerprint("seed rows", len(keys))), columns, order=order)


def _keys(columns: dict[str, tuple[str, ...]], count: int) -> list[tuple[str, ...]]:
    """Give what tells each line from the others, so that it does not matter where it stands.

    The columns with the shortest values come first: a number that counts lines, a code. Other
    columns may come, go and stand elsewhere; lines that nothing tells apart are known by their
    place.
    """

    def rank(name: str) -> tuple[bool, int]:
        values = columns[name]
        return any(map(_MEASURED.search, values)), sum(map(len, values))

    ranked: Sequence[str] = sorted(columns, key=rank)[:_COLUMNS_OF_KEYS]
    for size in range(1, _LONGEST_KEY + 1):
        for names in itertools.combinations(ranked, size):
            keys = list(zip(*(columns[name] for name in sorted(names)), strict=True))
            if len(set(keys)) == count:
                return keys
    return [(str(place),) for place in range(count)]
