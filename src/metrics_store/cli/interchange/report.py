"""The report of what a format cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


def print_unsaid(unsaid: Mapping[str, str], what: str) -> None:
    """Print the metrics that a format cannot say, each with the reason.

    Args:
        unsaid: Metric -> why not.
        what: What happens to them, such as `are left out`.
    """
    if not unsaid:
        return
    click.echo(f"{len(unsaid)} metrics that {what}:")
    for name, reason in sorted(unsaid.items()):
        click.echo(f"  {name}: {reason}")
