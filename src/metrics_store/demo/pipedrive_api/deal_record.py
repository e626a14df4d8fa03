"""A deal's record, and every change of it as the log keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from metrics_store.demo.demo_calendar import DAY, text_of
from metrics_store.demo.pipedrive_api.api_pipelines import BY_ID

Values = dict[str, Any]


def written(key: str, value: Any) -> str | None:  # noqa: ANN401 - whatever the field holds
    """Give a value as the log has it: days as texts, amounts with their cents."""
    if value is None:
        return None
    if key == "expected_close_date":
        return text_of(value * DAY)[:10]
    if key == "value":
        return f"{value / 100:.2f}".removesuffix(".00")
    return str(value)


@dataclass
class DealRecord:
    """A deal as it stands, with what changed on the way.

    Amounts are in whole hundredths, days in days since 1970, moments in seconds since 1970.
    """

    id: int
    added: int
    values: Values
    changes: list[tuple[int, str, str | None, str | None]] = field(default_factory=list)
    updated: int = 0
    stage_changed: int | None = None
    closed: int | None = None
    is_logged: bool = True
    is_deleted: bool = False

    def __post_init__(self) -> None:
        """Write the addition down, which has no old value."""
        self.updated = self.added
        self.changes.append((self.added, "add_time", None, text_of(self.added).replace("T", " ")))

    @property
    def is_open(self) -> bool:
        """Whether it is neither won nor lost."""
        return bool(self.values["status"] == "open")

    def change(self, moment: int, key: str, value: object, *, is_noted: bool = True) -> None:
        """Change a field; what the log does not note, only the record knows."""
        old = written(key, self.values[key])
        new = written(key, value)
        if old == new:
            return
        if is_noted:
            self.changes.append((moment, key, old, new))
        self.values[key] = value
        self.updated = max(self.updated, moment)
        if key == "stage_id":
            self.stage_changed = moment
        if key == "status":
            self.closed = moment if value in ("won", "lost") else None

    def row(self) -> tuple[object, ...]:
        """Give the row of the table deals."""
        values, status = self.values, self.values["status"]
        return (
            *(self.id, f"Deal {self.id}", values["value"], values["currency"], status),
            *(str(values["stage_id"]), str(BY_ID[values["stage_id"]].pipeline_id)),
            *(values["user_id_as"].format(values["user_id"]), values["org_id_as"]),
            *(None, values["probability"] and values["probability"] * 100, "Hot"),
            *(values["lost_reason"], "ManuallyCreated", values["expected_close_date"]),
            *(self.added, self.updated, self.stage_changed, self.closed),
            *(self.closed if status == "won" else None, self.closed if status == "lost" else None),
            self.is_deleted,
        )


def first_day(moment: int) -> int:
    """Give the day of a moment, in days since 1970."""
    return moment // DAY
