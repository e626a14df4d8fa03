"""Reads the history of the definitions out of git, with a progress bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metrics_store.review.versions.metric_history import commits_of_definitions, read_steps

if TYPE_CHECKING:
    from datetime import datetime

    from metrics_store.project.profile import Target
    from metrics_store.review.versions.metric_history import Step


def read_history(target: Target, since: datetime | None = None) -> list[Step]:
    """Read what every commit of the main line changed in the definitions.

    Raises:
        MetricsStoreError: The project is in no git repository.
    """
    commits = commits_of_definitions(target, since)
    label = f"reading {len(commits)} states of the definitions"
    errors = click.get_text_stream("stderr")
    with click.progressbar(length=len(commits), label=label, file=errors) as bar:
        return list(read_steps(commits, target, bar.update))
