"""Generated files: written where they are stale, or only checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path


def keep_up_to_date(  # noqa: PLR0913 - what is kept, and the words for each end
    file: Path, text: str, *, project: Path, check: bool, what: str, metrics: int, remedy: str
) -> None:
    """Write a generated file where it differs, or fail where it is only checked.

    Args:
        file: The file.
        text: What it is to say.
        project: The project's directory, below which the file is named.
        check: Write nothing.
        what: The file in words, such as `the catalogue`.
        metrics: How many metrics it is about.
        remedy: What mends a stale one.

    Raises:
        MetricsStoreError: The file is stale and only checked.
    """
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        click.echo(f"{metrics} metrics; {what} is up to date")
    elif check:
        raise MetricsStoreError(
            f"{what} does not say what the metrics say now",
            where=str(file.relative_to(project)),
            remedy=remedy,
        )
    else:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        click.echo(f"wrote {file.relative_to(project)}: {metrics} metrics")
