"""A metrics store over any dbt project that declares semantic models and metrics."""

from typing import TYPE_CHECKING

from metrics_store.version import __version__

if TYPE_CHECKING:
    from metrics_store.client import connect as connect

__all__ = ["__version__", "connect"]


def __getattr__(name: str) -> object:
    """Import `connect` when it is first asked for: no command waits for what it does not use."""
    if name != "connect":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from metrics_store.client import connect as found  # noqa: PLC0415

    return found
