"""What a format has no words for."""

from __future__ import annotations


class UnsayableError(Exception):
    """A format cannot say something exactly; the message says what, and why.

    Renderers catch it and name it in their report.
    """
