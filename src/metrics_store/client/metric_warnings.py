"""The warnings of answers, as warnings of Python."""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING

from metrics_store.query.output.table_notices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

# Above: `warn`, and the connection's method that whoever asks has called.
_STACK_LEVEL = 3


class AnswerWarning(Warning):
    """Something is to be known of an answer; filters of `warnings` know all of these by this class.

    The others are kinds of it.
    """


class MetricDeprecationWarning(AnswerWarning, DeprecationWarning):
    """A metric that is asked for is deprecated."""


class PartialPeriodWarning(AnswerWarning, UserWarning):
    """A value is of another stretch of time than one would think, such as whole months."""


class EmptyAnswerWarning(AnswerWarning, UserWarning):
    """There is nothing to answer with; it says why, as far as that is known."""


_CLASSES: dict[str, type[AnswerWarning]] = {
    NoticeKind.DEPRECATED_METRIC: MetricDeprecationWarning,
    NoticeKind.PARTIAL_PERIOD: PartialPeriodWarning,
    NoticeKind.EMPTY_ANSWER: EmptyAnswerWarning,
}


def warn(texts: Iterable[str], kinds: Iterable[str]) -> None:
    """Warn of notices, at the line that called the function that called this one.

    Args:
        texts: The notices in words.
        kinds: What each is about; older servers do not say it, and newer ones may know more.
    """
    for text, kind in itertools.zip_longest(texts, kinds, fillvalue=""):
        if text:
            warnings.warn(text, _CLASSES.get(kind, AnswerWarning), stacklevel=_STACK_LEVEL)
