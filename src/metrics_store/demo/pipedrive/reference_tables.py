"""The small tables: activity types, fields with their options, stages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from metrics_store.demo.pipedrive.pipedrive_stages import (
    ACTIVITY_TYPES,
    LOST_REASONS,
    STAGE_SPELLINGS,
    STAGES,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.demo.table_files import Row


def _options(labels: Mapping[int, str]) -> str:
    return json.dumps([{"id": str(key), "label": label} for key, label in labels.items()])


def activity_types() -> list[Row]:
    """Give one row per activity type."""
    return [
        (number, name, active, key)
        for number, (key, (name, active)) in enumerate(ACTIVITY_TYPES.items(), 1)
    ]


def fields() -> list[Row]:
    """Give one row per field of a deal that the models know."""
    stages = {stage_id: stage.name for stage_id, stage in STAGES.items()}
    return [
        (3, "user_id", "Owner", None),
        (10, "stage_id", "Stage", _options(stages)),
        (13, "add_time", "Deal created", None),
        (23, "lost_reason", "Lost reason", _options(LOST_REASONS)),
    ]


def stages() -> list[Row]:
    """Give one row per stage, spelt as the stages table spells them."""
    return [
        (stage_id, STAGE_SPELLINGS.get(stage_id, stage.name)) for stage_id, stage in STAGES.items()
    ]
