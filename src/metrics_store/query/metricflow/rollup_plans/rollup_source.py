"""What a roll-up's table holds, in the words in which MetricFlow is told of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class StoredKind(enum.Enum):
    """What a column of a roll-up's grain is."""

    DIMENSION = "dimension"
    TIME = "time"
    ENTITY = "entity"


@dataclass(frozen=True)
class StoredName:
    """A column of the grain: what a question can be grouped and filtered by.

    Attributes:
        path: The name with the entities that lead to it; `metric_time` for the metrics' own time.
        kind: What it is.
        column: The column of the table.
        grain: The grain of a time.
    """

    path: str
    kind: StoredKind
    column: str
    grain: str = ""


@dataclass(frozen=True)
class StoredInput:
    """What a simple metric is worked out from.

    Attributes:
        metric: The simple metric.
        columns: The column that is aggregated as the metric is; of an average its sum and count.
    """

    metric: str
    columns: tuple[str, ...]

    @property
    def is_average(self) -> bool:
        """Whether it is a sum to be divided by a count."""
        return len(self.columns) > 1


@dataclass(frozen=True)
class RollupSource:
    """A table that takes the place of a semantic model for some of its simple metrics.

    Attributes:
        model: The semantic model.
        time: The time dimension of the model that all the metrics count by.
        relation: The table, or a sub-select of its rows.
        names: The columns of the grain.
        inputs: The simple metrics.
        whole_numbers: Columns of sums that the warehouse would add up in another type than the
            rows beneath: PostgreSQL makes numerics of bigints.
    """

    model: str
    time: str
    relation: str
    names: tuple[StoredName, ...]
    inputs: tuple[StoredInput, ...]
    whole_numbers: frozenset[str] = frozenset()
