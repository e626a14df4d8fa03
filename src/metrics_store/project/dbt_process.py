"""The process that runs dbt; it ends with the command that started it, however that ends.

Its standard input is a pipe that the parent holds open. When the pipe closes, be it on purpose or
because the parent was killed, dbt is interrupted as by Ctrl-C and cancels its queries.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long, in seconds, dbt may take to cancel its queries before it is ended outright.
GRACE_SECONDS = 10.0


def _stop_with_parent(finished: int) -> None:
    ready, _, _ = select.select([sys.stdin.fileno(), finished], [], [])
    if finished in ready:
        return
    # What dbt has to say of an interruption is a traceback.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    os.dup2(silence, sys.stderr.fileno())
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE_SECONDS)
    os._exit(128 + signal.SIGINT)


def collect_garbage_rarely() -> None:
    """Keep Python from walking through the whole project again and again.

    dbt makes hundreds of objects for each node; by Python's own numbers that is enough for a look.
    """
    gc.set_threshold(100_000, 20, 20)


@contextmanager
def stopping_with_parent() -> Iterator[None]:
    """Interrupt what runs in the block when the pipe at standard input closes."""
    # A background job of a shell starts with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    finished, finish = os.pipe()
    watch = threading.Thread(target=_stop_with_parent, args=[finished], daemon=True)
    watch.start()
    try:
        yield
    finally:
        # A thread that still waits at exit makes DuckDB's binding report leaks.
        os.write(finish, b".")
        if not select.select([sys.stdin.fileno()], [], [], 0)[0]:
            watch.join()


def _main() -> None:
    collect_garbage_rarely()
    with stopping_with_parent():
        from dbt.cli.main import cli  # noqa: PLC0415 - the watch stands before dbt's slow import

        cli(prog_name="dbt")


if __name__ == "__main__":
    _main()
