"""The seeds that people edit, read from CSV: stages, currency rates and quotas."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from oracle.pipeline.settings import Quota, Stage
from oracle.pipeline.values import number, text

if TYPE_CHECKING:
    from pathlib import Path


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_stage_map(path: Path) -> dict[str, Stage]:
    """The Salesforce stages of the stage map, by name."""
    return {
        row["stage_name"]: Stage(
            row["stage_name"],
            int(row["stage_order"]) if row["stage_order"] else None,
            row["stage_category"],
            text(row["funnel_step"]),
            number(row["default_probability"]),
        )
        for row in _rows(path)
        if row["crm_source"] == "salesforce"
    }


def read_rates(path: Path) -> dict[str, Decimal]:
    """Each currency's rate to the corporate one."""
    return {row["currency"]: Decimal(row["rate_to_corporate"]) for row in _rows(path)}


def read_quotas(path: Path) -> list[Quota]:
    """Quotas by owner and month."""
    return [
        Quota(row["owner_id"], date.fromisoformat(row["month"]), Decimal(row["quota"]))
        for row in _rows(path)
    ]
