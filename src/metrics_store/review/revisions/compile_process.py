"""The process that compiles a revision, so that what it writes depends on the revision alone.

It runs in a directory of its own: `files/` is the exported project, `profile/` has its profile,
`scratch/` the empty database. What dbt makes goes to `target/`; what it says of a mistake, to
`failure.txt`.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metrics_store.project.dbt_process import stopping_with_parent
from metrics_store.review.revisions.declared_sources import (
    answer_from_declarations,
    create_tables,
)

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

REQUEST = "request.json"
FAILURE = "failure.txt"
FILES = "files"
PROFILE = "profile"
SCRATCH = "scratch"
TARGET = "target"

# Templates write the start of the run and its id into SQL: two compilations must agree.
STARTED = datetime(2025, 1, 1, tzinfo=UTC)
_INVOCATION = "00000000-0000-4000-8000-000000000000"


def _stop_the_clock() -> None:
    from dbt import tracking  # noqa: PLC0415 - dbt is slow to import
    from dbt.cli import requires  # noqa: PLC0415
    from dbt_common import invocation  # noqa: PLC0415

    class User(tracking.User):
        """Whoever runs dbt, always at the same moment."""

        def __init__(self, cookie_dir: str | None) -> None:
            super().__init__(cookie_dir)
            self.invocation_id = _INVOCATION
            self.run_started_at = STARTED

    def reset() -> None:
        invocation._INVOCATION_ID = _INVOCATION  # noqa: SLF001 - dbt offers no other way
        invocation._INVOCATION_STARTED_AT = STARTED.replace(tzinfo=None)  # noqa: SLF001

    tracking.User = User  # type: ignore[misc]
    requires.reset_invocation_id = reset  # type: ignore[attr-defined]
    reset()


def _leave_tests_out() -> None:
    """Parse no tests of columns and models: no value depends on them, and they take a third."""
    from dbt.parser.schema_generic_tests import SchemaGenericTestParser  # noqa: PLC0415

    def parse_tests(_parser: SchemaGenericTestParser, _block: object) -> None:
        return

    SchemaGenericTestParser.parse_tests = parse_tests  # type: ignore[method-assign,assignment]


def _compile(request: dict[str, Any]) -> str:
    """Compile the project; give what dbt says of a mistake, empty where there is none."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    here = Path.cwd()
    os.chdir(FILES)
    shared = [
        "--quiet", "--no-use-colors", "--log-level-file", "none", "--no-partial-parse",
        "--project-dir", str(here / FILES), "--profiles-dir", str(here / PROFILE),
        "--target-path", str(here / TARGET), "--target", request["target"],
        "--vars", json.dumps(request["vars"]),
    ]  # fmt: skip
    parsed = dbtRunner().invoke(["parse", "--no-write-json", *shared])
    if not parsed.success:
        return str(parsed.exception)
    manifest: Manifest = parsed.result  # type: ignore[assignment]
    _declare_sources(manifest, request)
    compiled = dbtRunner(manifest=manifest).invoke(
        [
            "compile", "--threads", "1", "--no-populate-cache", *shared,
            "--select", "resource_type:model", "resource_type:snapshot",
        ]
    )  # fmt: skip
    if compiled.success:
        return ""
    if compiled.exception:
        return str(compiled.exception)
    results = getattr(compiled.result, "results", [])
    return "\n".join(result.message for result in results if result.message)


def _declare_sources(manifest: Manifest, request: dict[str, Any]) -> None:
    """Give templates that look at raw tables what the project declares of them."""
    if request["database"]:
        create_tables(Path("..", SCRATCH, request["database"]), manifest.sources.values())
    else:
        answer_from_declarations(request["adapter"], manifest.sources.values())


def _main() -> None:
    with stopping_with_parent():
        request = json.loads(Path(REQUEST).read_text(encoding="utf-8"))
        _stop_the_clock()
        _leave_tests_out()
        failure = _compile(request)
        if failure:
            Path("..", FAILURE).write_text(failure, encoding="utf-8")
            sys.exit(1)


if __name__ == "__main__":
    _main()
