"""The supervisor: starts the workers of a server, replaces those that die, and stops them all."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.limit_shares import share_of
from metrics_store.serve.monitoring.counters import count_in_files, forget_requests_under_way
from metrics_store.serve.monitoring.log_formats import set_up
from metrics_store.serve.peers import Peers
from metrics_store.serve.worker import LAST_SECONDS, Addresses, Place, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.context import ForkContext, SpawnContext
    from multiprocessing.process import BaseProcess
    from types import FrameType

    from metrics_store.project.profile import Target
    from metrics_store.serve.configuration.configuration import Configuration

logger = logging.getLogger(__name__)

# Forked workers share the memory of what is imported; elsewhere than on Linux libraries do not
# survive that.
_PROCESSES: ForkContext | SpawnContext = (
    multiprocessing.get_context("fork")
    if sys.platform == "linux"
    else multiprocessing.get_context("spawn")
)
# A worker that dies again and again is started anew less and less often.
_FIRST_PAUSE, _LONGEST_PAUSE, _STEADY_SECONDS = 0.1, 10.0, 60.0
# What one worker alone answers.
_ALONE = ("flight_port", "postgres_port")
# Beyond what the workers themselves give their requests.
_GRACE_SECONDS = 10


@dataclass(frozen=True)
class _Job:
    """What every worker is given.

    Attributes:
        target: The target.
        configuration: The configuration of a worker.
        taken: The socket where HTTP comes in.
        peers: The workers.
    """

    target: Target
    configuration: Configuration
    taken: socket.socket
    peers: Peers


@dataclass
class _Worker:
    """One worker, under way or between two lives.

    Attributes:
        number: Its number, from 1.
        ports: The ports of the interfaces that one worker alone answers; none for the others.
        process: Its process.
        news: Where it tells that it answers, or why it cannot.
        began: When it began, in seconds of the monotonic clock.
        pause: How long it is waited before it is started again.
    """

    number: int
    ports: dict[str, int | str | None] = field(default_factory=lambda: dict.fromkeys(_ALONE))
    process: BaseProcess | None = None
    news: Connection | None = None
    began: float = 0.0
    pause: float = _FIRST_PAUSE

    def start(self, job: _Job) -> None:
        """Start it, as a process of its own."""
        self.news, told = _PROCESSES.Pipe(duplex=False)
        self.process = _PROCESSES.Process(
            target=_run,
            args=(job, self.number, self.ports, told),
            name=f"metrics-worker-{self.number}",
        )
        self.process.start()
        told.close()
        self.began = time.monotonic()

    @property
    def due(self) -> float:
        """When it is to be started again."""
        return self.began + self.pause

    def died(self) -> None:
        """Let go of its process, and choose when it is started again."""
        assert self.process is not None  # noqa: S101 - it was under way
        assert self.news is not None  # noqa: S101 - it was under way
        lived = time.monotonic() - self.began
        self.pause = (
            _FIRST_PAUSE if lived > _STEADY_SECONDS else min(2 * self.pause, _LONGEST_PAUSE)
        )
        self.process.join()
        self.process.close()
        self.news.close()
        self.process, self.began = None, time.monotonic()


def supervise(
    target: Target,
    configuration: Configuration,
    taken: socket.socket,
    started: Callable[[Addresses], None],
) -> None:
    """Let several workers answer until SIGTERM or SIGINT; requests under way are ended first.

    Flight and PostgreSQL's protocol are answered by the first worker alone: Arrow binds its port so
    that no other process can, and requests to cancel must come to where their sessions are.

    Args:
        target: The target.
        configuration: The configuration of the whole server.
        taken: The socket where HTTP comes in.
        started: Is told the addresses of the first worker once all answer.

    Raises:
        MetricsStoreError: A worker cannot start.
    """
    count = configuration.worker_count
    with tempfile.TemporaryDirectory(prefix="metrics-") as directory, _signals() as signalled:
        peers = Peers(Path(directory), secrets.token_bytes(32), 0, count)
        peers.make_directories()
        job = _Job(target, share_of(configuration), taken, peers)
        workers = [_Worker(number) for number in range(1, count + 1)]
        workers[0].ports = {name: getattr(configuration, name) for name in _ALONE}
        try:
            for worker in workers:
                worker.start(job)
            addresses = _wait_for_all(workers, signalled)
            # Its successors listen at the same ports.
            if addresses.flight is not None:
                workers[0].ports["flight_port"] = urlsplit(addresses.flight).port
            if addresses.postgres is not None:
                workers[0].ports["postgres_port"] = urlsplit(addresses.postgres).port
            if not _is_readable(signalled):
                started(addresses)
            _replace_the_dead(workers, job, signalled)
            logger.info("stopping")
        finally:
            _stop(workers, configuration.shutdown_seconds + LAST_SECONDS + _GRACE_SECONDS)


def _wait_for_all(workers: list[_Worker], signalled: socket.socket) -> Addresses:
    """Wait until all answer, and give the addresses of the first."""
    addresses: list[Addresses] = []
    for worker in workers:
        assert worker.news is not None  # noqa: S101 - it was started
        if signalled in wait([worker.news, signalled]):
            return Addresses()
        try:
            failure, address = worker.news.recv()
        except EOFError:
            raise MetricsStoreError(
                "a worker of the server ended before it answered", where=f"worker {worker.number}"
            ) from None
        if failure is not None:
            raise failure
        addresses.append(address)
    return addresses[0]


def _replace_the_dead(workers: list[_Worker], job: _Job, signalled: socket.socket) -> None:
    """Start each worker again that ends, until there is a signal."""
    while not _is_readable(signalled):
        alive = {one.process.sentinel: one for one in workers if one.process is not None}
        due = [one.due - time.monotonic() for one in workers if one.process is None]
        for ended in wait([*alive, signalled], max(0.0, min(due)) if due else None):
            if ended is not signalled:
                _bury(alive[ended], job)  # type: ignore[index]
        for one in workers:
            if one.process is None and one.due <= time.monotonic():
                one.start(job)


def _bury(worker: _Worker, job: _Job) -> None:
    process = worker.process
    assert process is not None  # noqa: S101 - it was under way
    process.join()
    fields: dict[str, object] = {"worker": worker.number, "exit_code": process.exitcode}
    assert worker.news is not None  # noqa: S101 - it was started
    with contextlib.suppress(EOFError, OSError):
        if worker.news.poll():
            failure, _ = worker.news.recv()
            if failure is not None:
                fields["reason"] = str(failure)
    logger.error("a worker ended and is replaced", extra={"fields": fields})
    forget_requests_under_way(job.peers.counters, worker.number)
    worker.died()


def _stop(workers: list[_Worker], seconds: float) -> None:
    """Stop all that are under way, and kill what has not ended in time."""
    running = [one.process for one in workers if one.process is not None]
    for process in running:
        process.terminate()
    ends = time.monotonic() + seconds
    for process in running:
        process.join(max(0.0, ends - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


def _run(job: _Job, number: int, ports: dict[str, int | str | None], told: Connection) -> None:
    """Be a worker."""
    # Its own handlers come with its server.
    signal.set_wakeup_fd(-1)
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    peers = dataclasses.replace(job.peers, number=number)
    set_up(job.configuration.log, worker=number, lock=peers.directory / "log.lock")
    _end_with_parent()
    count_in_files(peers.counters, number)

    def started(addresses: Addresses) -> None:
        logger.info("worker answers", extra={"fields": {"pid": os.getpid()}})
        told.send((None, addresses))

    place = Place(job.taken, started, peers)
    configuration = job.configuration.model_copy(update=ports)
    try:
        work(job.target, configuration, place)
    except MetricsStoreError as error:
        told.send((error, None))
        sys.exit(1)


def _end_with_parent() -> None:
    """Stop as by a signal when the supervisor is gone, however it ended."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 - this is a child

    def end() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end, name="parent", daemon=True).start()


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """Give a socket that has something to read once there was SIGTERM or SIGINT."""

    def heed(number: int, frame: FrameType | None) -> None:
        del number, frame

    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)  # noqa: FBT003 - as Python has it
        before = {one: signal.signal(one, heed) for one in (signal.SIGTERM, signal.SIGINT)}
        wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)


def _is_readable(signalled: socket.socket) -> bool:
    return bool(wait([signalled], 0))
