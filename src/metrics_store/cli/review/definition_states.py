"""Reads the states of the definitions in git, with a progress bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metrics_store.review.versions.metric_history import State, revisions_of_definitions, states

if TYPE_CHECKING:
    from datetime import datetime

    from metrics_store.project.profile import Target


def read_states(target: Target, since: datetime | None = None) -> list[State]:
    """Read the definitions at every commit of the main line that changed them.

    Raises:
        MetricsStoreError: The project is in no git repository.
    """
    revisions = revisions_of_definitions(target, since)
    label = f"reading {len(revisions)} states of the definitions"
    errors = click.get_text_stream("stderr")
    with click.progressbar(length=len(revisions), label=label, file=errors) as bar:
        return list(states(revisions, target, bar.update))
