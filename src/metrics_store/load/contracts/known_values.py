"""The values of a column that a seed of the project lists: a contract's `known_in` setting."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from metrics_store.errors import MetricsStoreError
from metrics_store.load.contracts.contract import KnownValues

Node = Mapping[str, Any]


def _seed(manifest: Node, name: str, where: str) -> Node:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed" and node["name"] == name:
            return dict(node)
    raise MetricsStoreError(
        f"a `known_in` rule names the seed {name}, which the project does not have", where=where
    )


def known_values(setting: object, manifest: Node, where: str) -> KnownValues:
    """Read the values that a contract's `known_in` setting means, from the seed's file.

    Args:
        setting: `{seed: name, column: name}`.
        manifest: dbt's manifest.
        where: The column of the contract, for messages.

    Raises:
        MetricsStoreError: The setting is not complete, or there is no such seed or column.
    """
    if not isinstance(setting, Mapping) or setting.keys() != {"seed", "column"}:
        raise MetricsStoreError(
            "a `known_in` rule of the contract is not complete",
            where=where,
            expected="{seed: name, column: name}",
        )
    seed, column = _seed(manifest, str(setting["seed"]), where), str(setting["column"])
    path = Path(seed["root_path"] or ".") / seed["original_file_path"]
    delimiter = seed["config"].get("delimiter") or ","
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=delimiter)
            if column not in (reader.fieldnames or ()):
                raise MetricsStoreError(
                    f"a `known_in` rule names the column {column}, which the seed does not have",
                    where=f"{where}; {seed['original_file_path']}",
                )
            values = [row[column].strip() for row in reader if row[column]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MetricsStoreError(
            f"the seed of a `known_in` rule cannot be read: {error}", where=where
        ) from error
    return KnownValues(tuple(values), seed["original_file_path"])
