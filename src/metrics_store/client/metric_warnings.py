"""The warnings of answers, as warnings of Python."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Above: `warn`, and the connection's method that whoever asks has called.
_STACK_LEVEL = 3


class MetricDeprecationWarning(DeprecationWarning):
    """A metric that is asked for is deprecated; filters of `warnings` know it by this class."""


def warn(notices: Iterable[str]) -> None:
    """Warn of notices, at the line that called the function that called this one."""
    for one in notices:
        warnings.warn(one, MetricDeprecationWarning, stacklevel=_STACK_LEVEL)
