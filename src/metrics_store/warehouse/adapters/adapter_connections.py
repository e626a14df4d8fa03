"""The connections that a target's dbt adapter makes, without a dbt project around it."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError, UnavailableError
from metrics_store.warehouse.adapters.spark_session import in_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.project.profile import Target


@dataclass(frozen=True)
class _Configuration:
    """What an adapter asks of a dbt run; of one that only reads it is hardly anything."""

    credentials: Any
    target_name: str
    profile_name: str = "metrics_store"
    project_name: str = "metrics_store"
    threads: int = 1
    query_comment: Any = None
    cli_vars: dict[str, Any] = field(default_factory=dict)
    target_path: str = "target"
    log_cache_events: bool = False

    def to_target_dict(self) -> dict[str, Any]:
        """Give what templates of the adapter see of the target."""
        return {"name": self.target_name}


class AdapterConnections:
    """Connections by a target's adapter, one for each thread that reads.

    Args:
        target: Where the warehouse is.

    Raises:
        MetricsStoreError: The adapter is not installed, or rejects the target's settings.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._adapter = _adapter(target)

    @property
    def manager(self) -> Any:  # noqa: ANN401 - each adapter has one of its own
        """What the adapter makes connections by."""
        return self._adapter.connections

    @contextmanager
    def opened(self, name: str) -> Iterator[Any]:
        """Give this thread's connection, which is closed after the block.

        Raises:
            UnavailableError: The warehouse cannot be reached.
        """
        with self._adapter.connection_named(name):
            connection = self.manager.get_thread_connection()
            try:
                # It is opened by whoever asks for its handle first.
                _ = connection.handle
            except Exception as error:  # noqa: BLE001 - drivers have no error in common
                raise UnavailableError(
                    "the warehouse cannot be reached",
                    where=f"target {self._target.name}",
                    remedy="check that the server runs, and the target's settings",
                    detail=str(error).strip().partition("\n")[0],
                ) from None
            yield connection

    def cancel(self, connection: Any) -> None:  # noqa: ANN401 - as above
        """End what a connection of another thread works on."""
        with self.opened("cancel"):
            self.manager.cancel(connection)


def _adapter(target: Target) -> Any:  # noqa: ANN401 - as above
    from dbt.adapters.factory import FACTORY  # noqa: PLC0415 - slow, and only for these targets
    from dbt_common.exceptions import DbtBaseException  # noqa: PLC0415 - as above

    name = target.adapter_type
    where = f"profiles.yml, target {target.name}"
    try:
        credentials_class: Any = FACTORY.load_plugin(name)
    except DbtBaseException as error:
        raise MetricsStoreError(
            f"dbt has no adapter {name} here",
            where=where,
            remedy=f"install dbt-{name} beside metrics-store"
            + (": `pip install metrics-store[spark]`" if name == "spark" else ""),
            detail=str(error).strip().partition("\n")[0],
        ) from None
    settings = {key: value for key, value in target.settings.items() if key not in _OF_PROFILES}
    if name == "spark" and settings.get("method") == "session":
        settings = in_project(settings, target.project_directory)
    try:
        translated = credentials_class.translate_aliases(settings)
        credentials_class.validate(translated)
        credentials = credentials_class.from_dict(translated)
    except Exception as error:  # noqa: BLE001 - nor have adapters
        raise MetricsStoreError(
            f"the adapter {name} does not take the settings of the target",
            where=where,
            detail=str(error).strip().partition("\n")[0],
        ) from None
    adapter_class: Any = FACTORY.get_adapter_class_by_name(name)
    return adapter_class(
        _Configuration(credentials, target.name), multiprocessing.get_context("spawn")
    )


# Keys of an output that are dbt's and no adapter's.
_OF_PROFILES = ("type", "threads")
