"""A roll-up's table: its grain, and what it stores by it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.query.metricflow.rollup_plans.rollup_source import (
    StoredInput,
    StoredKind,
    StoredName,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class StoredAggregate:
    """A column that is stored by the grain.

    Attributes:
        column: Its name.
        aggregation: How rows make it: `sum`, `min` or `max`.
        expression: What is aggregated, as SQL over the semantic model's relation.
    """

    column: str
    aggregation: str
    expression: str


@dataclass(frozen=True)
class RollupTable:
    """The table of a roll-up for one semantic model and one time of it.

    Attributes:
        name: The dbt model that makes it.
        rollup: The saved query that declares it.
        model: The semantic model whose rows are rolled up.
        time: The time dimension that the metrics count by.
        own_links: The entities that lead to the model's own names.
        names: The columns of the grain.
        aggregates: The columns that are stored by it.
        inputs: The simple metrics that it answers.
        relation: The table in the warehouse; empty where it is not known.
        columns: What the table calls columns, where it does so otherwise.
    """

    name: str
    rollup: str
    model: str
    time: str
    own_links: tuple[str, ...]
    names: tuple[StoredName, ...]
    aggregates: tuple[StoredAggregate, ...]
    inputs: tuple[StoredInput, ...]
    relation: str = ""
    columns: tuple[tuple[str, str], ...] = ()

    def key(self, path: str) -> str:
        """Give the same text for all ways to name one thing, seen from the model."""
        links, _, element = path.rpartition("__")
        return element if not links or links in self.own_links else path

    def stored(self, path: str) -> tuple[StoredName, ...]:
        """Give the columns that hold a name; a time may be there by several grains."""
        wanted = self.key(path)
        return tuple(one for one in self.names if self.key(one.path) == wanted)

    @property
    def column_names(self) -> tuple[str, ...]:
        """All columns, those of the grain first."""
        return (*(one.column for one in self.names), *(one.column for one in self.aggregates))

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return dataclasses.asdict(self) | {
            "names": [dataclasses.asdict(one) | {"kind": one.kind.value} for one in self.names]
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> RollupTable:
        """Read what `to_json` gave."""
        return cls(
            **{
                **given,
                "own_links": tuple(given["own_links"]),
                "names": tuple(
                    StoredName(**{**one, "kind": StoredKind(one["kind"])}) for one in given["names"]
                ),
                "aggregates": tuple(StoredAggregate(**one) for one in given["aggregates"]),
                "inputs": tuple(
                    StoredInput(one["metric"], tuple(one["columns"])) for one in given["inputs"]
                ),
                "columns": tuple((ours, theirs) for ours, theirs in given["columns"]),
            }
        )
