"""What a load says of what its files lack, and what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.name_spelling import spelled_like

if TYPE_CHECKING:
    from metrics_store.load.staging.staging_database import StagedTable


def notes_of(staged: StagedTable) -> tuple[str, ...]:
    """Tell what is empty because the files lack it, as far as the contract says it."""
    if not staged.files:
        table = staged.table
        return (f"there is no file of {table.name}: {table.without}",) if table.without else ()
    labels = [matched.label for matched in staged.columns if matched.position is not None]
    return tuple(
        f"{staged.file_name} has no column {spelled_like(matched.column.name, labels)}: "
        f"{matched.column.without}"
        for matched in staged.columns
        if matched.position is None and matched.column.without
    )
