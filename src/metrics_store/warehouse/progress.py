"""Messages of progress on standard error."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status


@functools.cache
def _console() -> Console:
    # Readers import this module and say nothing; they need not wait for it.
    from rich.console import Console  # noqa: PLC0415

    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def say(message: str) -> None:
    """Print one line that stays."""
    _console().print(message)


def working(message: str) -> Status:
    """Show a line with a spinner for as long as the `with` block runs; on a terminal only."""
    return _console().status(message)
