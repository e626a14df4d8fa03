"""Whether a roll-up can be used with what is live now."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class TableState:
    """The state of a roll-up's table.

    Attributes:
        problem: Why it is not used; empty where it can be.
        rows: How many rows it has.
        whole_numbers: Columns of sums that the warehouse adds up in another type than the rows.
    """

    problem: str = ""
    rows: int = 0
    whole_numbers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> TableState:
        """Read what `to_json` gave."""
        return cls(given["problem"], given["rows"], tuple(given["whole_numbers"]))
