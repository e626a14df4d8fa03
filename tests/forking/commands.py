"""Start the fork server, and give the commands that it runs."""

from __future__ import annotations

import atexit
import functools
import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent
_COMMANDS = ("metrics", "dbt", "mf", "python")
_PYTHON = sys.executable
# How `metrics` starts itself.
_METRICS = "from metrics_store.cli import main; main()"


@functools.cache
def forked_commands() -> Path:
    """Give the directory of the commands; their server ends with this process."""
    if not hasattr(os, "pidfd_open"):
        # Not Linux: the commands as they are.
        return Path(sysconfig.get_path("scripts"))
    directory = Path(tempfile.mkdtemp(prefix="forking-"))
    header = [
        f"#!{_PYTHON} -IS",
        f"PYTHON, SCRIPTS = {_PYTHON!r}, {sysconfig.get_path('scripts')!r}",
        f"METRICS = {_METRICS!r}",
        (_HERE / "shim.py").read_text(encoding="utf-8"),
    ]
    for name in _COMMANDS:
        (directory / name).write_text("\n".join(header), encoding="utf-8")
        (directory / name).chmod(0o755)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(directory / "socket"))
        # Who comes before it has imported everything waits.
        listener.listen(64)
        server = subprocess.Popen(
            [
                _PYTHON,
                "-P",
                "-m",
                "forking.server",
                str(listener.fileno()),
                str(directory),
            ],
            env={**os.environ, "PYTHONPATH": str(_HERE.parent)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
        )

    # It ends when its standard input does, however this process ends.
    atexit.register(server.communicate)
    return directory
