"""Asks a running Cube server, by Cube's client for Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from cubejs_client import CubeClient

_PATH = "/cubejs-api/v1"
# Milliseconds, as the client counts.
_TIMEOUT = 300_000.0


@dataclass(frozen=True)
class CubeAnswers:
    """A Cube server.

    Attributes:
        url: The address of its API.
        client: Cube's client.
    """

    url: str
    client: CubeClient

    @classmethod
    def at(cls, url: str, token: str) -> CubeAnswers:
        """Give the server at an address, with or without the path of its API.

        Raises:
            MetricsStoreError: Cube's client is not installed.
        """
        try:
            from cubejs_client import CubeClient  # noqa: PLC0415 - an extra of its own
        except ImportError:
            raise MetricsStoreError(
                "Cube's client is not installed", remedy="pip install 'metrics-store[cube]'"
            ) from None
        address = url.rstrip("/")
        if "/cubejs-api" not in address:
            address += _PATH
        client = CubeClient(token, api_url=address, poll_interval=0.5, fetch_timeout=_TIMEOUT)
        return cls(address, client)

    def measures(self) -> set[str]:
        """Give the names of the measures that it has.

        Raises:
            MetricsStoreError: It cannot be asked.
        """
        cubes = self._asked(lambda: self.client.meta().cubes, "its members")
        return {one["name"] for cube in cubes for one in cube["measures"]}

    def rows(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """Give the rows of a query.

        Raises:
            MetricsStoreError: The server refuses it.
        """
        found: list[dict[str, Any]] = self._asked(
            lambda: self.client.load(query).raw_data(), str(query["measures"])
        )
        return found

    def _asked(self, ask: Any, what: str) -> Any:  # noqa: ANN401 - whatever the client gives
        from cubejs_client.errors import CubeError  # noqa: PLC0415

        try:
            return ask()
        except CubeError as error:
            raise MetricsStoreError(
                "the Cube server does not answer",
                where=f"{self.url}, asked for {what}",
                expected="rows",
                remedy=f"see what it says: {' '.join(str(error).split())[:500]}",
            ) from None
