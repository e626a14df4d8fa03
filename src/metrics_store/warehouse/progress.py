"""Words on standard error while something takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.status import Status

_CONSOLE = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def say(message: str) -> None:
    """Print one line that stays."""
    _CONSOLE.print(message)


def working(message: str) -> Status:
    """Show a line with a spinner for as long as the `with` block runs; on a terminal only."""
    return _CONSOLE.status(message)
