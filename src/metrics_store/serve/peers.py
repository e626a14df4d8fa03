"""Calls between the workers of one server, over sockets in a directory that only they can open."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Functions = Mapping[str, Callable[..., Any]]

logger = logging.getLogger(__name__)

_SECONDS = 30


@dataclass(frozen=True)
class Peers:
    """The workers of a server, as one of them calls the others.

    Attributes:
        directory: Where each listens, and what they share; nobody else may open it.
        key: What they know one another by.
        number: The number of the worker that has this.
        count: How many there are, numbered from 1.
    """

    directory: Path
    key: bytes
    number: int
    count: int

    @property
    def results(self) -> Path:
        """Where they share their answers."""
        return self.directory / "results"

    @property
    def counters(self) -> Path:
        """Where they count."""
        return self.directory / "counters"

    def make_directories(self) -> None:
        """Make what they share."""
        self.results.mkdir()
        self.counters.mkdir()

    def call(self, number: int, function: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever it gives
        """Call a function of a worker.

        Raises:
            UnavailableError: It does not answer.
            MetricsStoreError: The function raised this.
        """
        try:
            with Client(str(self._address(number)), "AF_UNIX", authkey=self.key) as connection:
                connection.send((function, arguments))
                if not connection.poll(_SECONDS):
                    raise TimeoutError
                failed, result = connection.recv()
        except (OSError, EOFError, AuthenticationError) as error:
            raise UnavailableError(
                "the worker of the server that has the query does not answer",
                where=f"worker {number}",
                remedy="create the query again",
                detail=type(error).__name__,
            ) from None
        if failed:
            raise result
        return result

    @contextlib.contextmanager
    def answering(self, functions: Functions) -> Iterator[None]:
        """Let the others call functions of this worker during the `with` block."""
        address = self._address(self.number)
        # A worker that was killed leaves its socket behind.
        address.unlink(missing_ok=True)
        with Listener(str(address), "AF_UNIX", backlog=64, authkey=self.key) as listener:
            threading.Thread(
                target=_accept, args=(listener, functions), name="peers", daemon=True
            ).start()
            yield

    def _address(self, number: int) -> Path:
        return self.directory / f"worker-{number}"


def _accept(listener: Listener, functions: Functions) -> None:
    while True:
        try:
            connection = listener.accept()
        except (AuthenticationError, EOFError, ConnectionError):
            continue
        except OSError:
            # It was closed.
            return
        threading.Thread(target=_answer, args=(connection, functions), daemon=True).start()


def _answer(connection: Connection, functions: Functions) -> None:
    # Whoever called may be gone.
    with contextlib.suppress(OSError, EOFError), connection:
        function, arguments = connection.recv()
        try:
            answer = (False, functions[function](*arguments))
        except MetricsStoreError as error:
            answer = (True, error)
        except Exception:
            logger.exception("unforeseen")
            answer = (True, UnavailableError("something went wrong in the server"))
        connection.send(answer)
