"""A process that has imported what the commands need, and forks for each that is ordered.

Importing is most of what a small command costs. Only this process forks, and it has no threads.
What it runs has the standard streams, the directory and the environment of who ordered it; it is
killed when that one is gone.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import marshal
import os
import pkgutil
import random
import runpy
import selectors
import shutil
import signal
import socket
import struct
import sys
import threading
import time
import traceback
import types
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import colorama

_ENTRANCES = {
    "metrics": ("metrics_store.cli", "main"),
    "dbt": ("dbt.cli.main", "cli"),
    "mf": ("dbt_metricflow.cli.main", "cli"),
}
_IMPORTED = ("dbt.adapters.duckdb", "dbt.adapters.postgres")


def _spare_dbt_work(directory: Path) -> None:
    from forking.partial_parses import share_partial_parses  # noqa: PLC0415 - imports dbt
    from forking.shortcuts import take_shortcuts  # noqa: PLC0415 - imports dbt

    take_shortcuts()
    share_partial_parses(directory / "partial_parses")


def _import_all() -> None:
    for name, _ in _ENTRANCES.values():
        importlib.import_module(name)
    for name in _IMPORTED:
        importlib.import_module(name)
    import metrics_store  # noqa: PLC0415 - the server imports, not who looks at this module

    for module in pkgutil.walk_packages(metrics_store.__path__, "metrics_store."):
        importlib.import_module(module.name)
    gc.collect()
    # What is here stays, and need not be looked at by every process anew.
    gc.freeze()


class Order(NamedTuple):
    """What is to be run, and where."""

    name: str
    arguments: list[str]
    directory: str
    environment: dict[str, str]


@dataclass
class _Child:
    pid: int
    descriptor: int
    connection: socket.socket


def _take(connection: socket.socket) -> tuple[Order, list[int]]:
    head, streams, _, _ = socket.recv_fds(connection, 4, 3)
    (length,) = struct.unpack("I", head)
    order = b""
    while len(order) < length:
        order += connection.recv(length - len(order))
    return Order(*marshal.loads(order)), streams  # noqa: S302 - from a process of our own


def _become(order: Order, streams: list[int], python: str) -> None:
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False))
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), line_buffering=os.isatty(1))
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), errors="backslashreplace", line_buffering=True
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    if order.name == "mf":
        # What `mf` imports takes the colours out of streams that are no terminals.
        colorama.init()
    os.chdir(order.directory)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv, sys.executable = list(order.arguments), python
    # How a command calls itself goes by the main module.
    sys.modules["__main__"] = types.ModuleType("__main__")


def _run(name: str) -> int:
    """Run a command to its end, as the interpreter would, and give its exit code."""
    try:
        if name in _ENTRANCES:
            module, function = _ENTRANCES[name]
            sys.exit(getattr(importlib.import_module(module), function)())
        if name.endswith(".py"):
            runpy.run_path(name, run_name="__main__")
        else:
            sys.modules.pop(name, None)
            runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        sys.stderr.write(f"{ended.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
        return 1
    return 0


def _end(exit_code: int) -> None:
    # As the interpreter does: dbt closes its DuckDB file, which writes what is in the log into it.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(exit_code & 0xFF)


class _Server:
    def __init__(self, listener: socket.socket, python: str) -> None:
        self._listener, self._python = listener, python
        self._selector = selectors.DefaultSelector()

    def work(self) -> None:
        """Take orders until standard input closes."""
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ, None)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    self._start(self._listener.accept()[0])
                elif key.data is None:
                    return
                elif key.fileobj is key.data.connection:
                    self._hear(key.data)
                else:
                    self._bury(key.data)

    def _start(self, connection: socket.socket) -> None:
        order, streams = _take(connection)
        pid = os.fork()
        if not pid:
            self._selector.close()
            self._listener.close()
            connection.close()
            _become(order, streams, self._python)
            _end(_run(order.name))
        for descriptor in streams:
            os.close(descriptor)
        child = _Child(pid, os.pidfd_open(pid), connection)
        self._selector.register(connection, selectors.EVENT_READ, child)
        self._selector.register(child.descriptor, selectors.EVENT_READ, child)

    def _hear(self, child: _Child) -> None:
        """Hand on the signals that who ordered it got; kill it when that one is gone."""
        try:
            numbers = child.connection.recv(16)
        except ConnectionError:
            numbers = b""
        if not numbers:
            self._selector.unregister(child.connection)
        for number in numbers or [signal.SIGKILL]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, number)

    def _bury(self, child: _Child) -> None:
        _, status = os.waitpid(child.pid, 0)
        self._selector.unregister(child.descriptor)
        os.close(child.descriptor)
        with contextlib.suppress(KeyError):
            self._selector.unregister(child.connection)
        with contextlib.suppress(OSError):
            child.connection.sendall(struct.pack("i", os.waitstatus_to_exitcode(status)))
        child.connection.close()


def _main(descriptor: int, directory: Path) -> None:
    # The commands themselves know nothing of the tests' own modules.
    sys.path.remove(str(Path(__file__).parents[1]))
    listener = socket.socket(fileno=descriptor)
    _spare_dbt_work(directory)
    _import_all()
    _Server(listener, str(directory / "python")).work()
    shutil.rmtree(directory, ignore_errors=True)
    # What was imported is of no more use, and DuckDB would complain of it.
    os._exit(0)


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]))
