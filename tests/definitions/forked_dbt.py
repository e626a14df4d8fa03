"""dbt, imported and the project parsed once; every run is a process of its own, forked from there.

Importing and parsing is most of what a run of a small warehouse costs. Run as a script with the
arguments of `dbt parse`; each line of standard input orders a run, as JSON, and is answered by the
run's exit code. What it prints goes to the file that the order names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from dbt.contracts.graph.manifest import Manifest


class ForkedDbt:
    """A project of which any number of dbt runs start from one parse.

    A run may have vars of its own; they must be none that parsing depends on.
    """

    def __init__(self, project: Path, environment: dict[str, str], *parse_arguments: str) -> None:
        from forking.commands import forked_commands  # noqa: PLC0415 - the script knows no tests

        self._project, self._output = project, project / "output_of_forked_dbt.txt"
        self._process = subprocess.Popen(
            [forked_commands() / "python", __file__, *parse_arguments],
            cwd=project,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, *arguments: str, project: Path | None = None, **environment: str) -> str:
        """Run a dbt command, which must succeed, and give what it printed.

        Args:
            arguments: The command line after `dbt`.
            project: Where to run it, if not where the project was parsed: a copy of that.
            environment: Variables to add.
        """
        exit_code, printed = self.attempt(*arguments, project=project, **environment)
        assert exit_code == 0, printed[-4000:]
        return printed

    def attempt(
        self, *arguments: str, project: Path | None = None, **environment: str
    ) -> tuple[int, str]:
        """Run a dbt command, as `run` does, and give its exit code and what it printed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "arguments": arguments,
            "project": str(project or self._project),
            "environment": environment,
            "output": str(self._output),
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        exit_code = self._process.stdout.readline()
        assert exit_code, "dbt could not parse the project, or ended"
        return int(exit_code), self._output.read_text(encoding="utf-8")


def _print_to(path: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)


def _run(manifest: Manifest, order: dict[str, Any]) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - imported already, before the fork
    from dbt_common.events.functions import reset_metadata_vars  # noqa: PLC0415 - as above

    exit_code = 2
    try:
        _print_to(order["output"])
        os.chdir(order["project"])
        os.environ.update(order["environment"])
        reset_metadata_vars()
        exit_code = 0 if dbtRunner(manifest=manifest).invoke(order["arguments"]).success else 1
        sys.stdout.flush()
    finally:
        os._exit(exit_code)


def _main() -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - only the script needs it

    answers = os.fdopen(os.dup(1), "w")
    _print_to(os.devnull)
    manifest = dbtRunner().invoke(["parse", *sys.argv[1:]]).result
    sys.stdout.flush()
    if manifest is None:
        sys.exit(1)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(manifest, json.loads(line))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


if __name__ == "__main__":
    _main()
