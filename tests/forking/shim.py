# ruff: noqa: F821, PTH109, PTH118, PTH119, PTH120 - a head says the rest; pathlib is slow to import
"""A command that has the fork server run it, and lives, talks and ends as that does.

Installed as `metrics`, `dbt`, `mf` and `python` beside the server's socket, each with a head that
says where the real ones are. Python itself comes here where `metrics` starts a process of its own;
what the server does not know, and everything where no server answers, is run as ever.
"""

import marshal
import os
import signal
import socket
import struct
import sys

# Written above: SCRIPTS, PYTHON, METRICS
FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _order(arguments: list[str]) -> tuple[str, list[str]] | None:
    """Give what the server is to run, and with which arguments, if it is to."""
    if os.environ.get("PYTHONPATH"):
        # The server has imported from where it is itself.
        return None
    name = os.path.basename(arguments[0])
    if name != "python":
        return name, arguments
    if arguments[1:3] == ["-P", "-m"] and arguments[3].startswith("metrics_store."):
        return arguments[3], arguments[3:]
    if arguments[1].endswith("/forked_dbt.py"):
        return arguments[1], arguments[1:]
    if arguments[1:4] == ["-P", "-c", METRICS]:
        return "metrics", ["-c", *arguments[4:]]
    return None


def _run_as_ever(arguments: list[str]) -> None:
    name = os.path.basename(arguments[0])
    real = PYTHON if name == "python" else os.path.join(SCRIPTS, name)
    os.execv(real, [real, *arguments[1:]])  # noqa: S606 - no shell is wanted


def _wait(connection: socket.socket) -> int:
    def forward(number: int, _: object) -> None:
        connection.send(bytes([number]))

    for number in FORWARDED:
        signal.signal(number, forward)
    answer = b""
    while len(answer) < 4:
        more = connection.recv(4 - len(answer))
        if not more:
            sys.exit("the fork server ended")
        answer += more
    (exit_code,) = struct.unpack("i", answer)
    return int(exit_code)


def main() -> None:
    ordered = _order(sys.argv)
    if ordered is None:
        _run_as_ever(sys.argv)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(os.path.join(os.path.dirname(sys.argv[0]), "socket"))
    except OSError:
        _run_as_ever(sys.argv)
    order = marshal.dumps((*ordered, os.getcwd(), dict(os.environ)))
    socket.send_fds(connection, [struct.pack("I", len(order))], [0, 1, 2])
    connection.sendall(order)
    exit_code = _wait(connection)
    if exit_code < 0:
        signal.signal(-exit_code, signal.SIG_DFL)
        os.kill(os.getpid(), -exit_code)
    os._exit(exit_code)


main()
