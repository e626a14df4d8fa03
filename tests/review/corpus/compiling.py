"""dbt in a process of its own that compiles one project again and again.

To start dbt takes longer than to compile. For each line that comes in, the project is compiled as
it is then, and a line goes out: empty, or what dbt says of a mistake.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

_PARSED = "partial_parse.msgpack"


def _main(project: Path) -> None:
    target, first = project / "target", project / _PARSED
    arguments = [
        "compile", "--quiet", "--log-level", "none", "--log-level-file", "none",
        "--no-use-colors", "--no-send-anonymous-usage-stats", "--no-populate-cache",
        "--no-version-check", "--threads", "1",
        "--project-dir", str(project), "--profiles-dir", str(project),
    ]  # fmt: skip
    answers = sys.stdout
    sys.stdout = sys.stderr
    for _ in sys.stdin:
        if first.exists():
            # What dbt knows of the first project, whatever came since.
            shutil.copyfile(first, target / _PARSED)
        done = dbtRunner().invoke(arguments)
        if not first.exists():
            shutil.copyfile(target / _PARSED, first)
        failure = "" if done.success else str(done.exception or done.result)
        answers.write(json.dumps(failure) + "\n")
        answers.flush()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
