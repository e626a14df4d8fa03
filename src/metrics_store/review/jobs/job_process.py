"""The process in which dbt works on a revision: what it writes depends on the revision alone.

It runs in a directory of its own: `files/` is the exported project, `profile/` has its profile,
`scratch/` the database. What dbt makes goes to `target/`; what it says of a mistake, to
`failure.txt`, beside `lasting` where the mistake stands in the files and will be there again.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metrics_store.project.dbt_process import stopping_with_parent
from metrics_store.review.jobs.dbt_failures import failure_of, stands_in_files
from metrics_store.review.jobs.declared_sources import (
    answer_from_declarations,
    create_tables,
)
from metrics_store.review.jobs.job_schemas import parse_into

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

REQUEST = "request.json"
FAILURE = "failure.txt"
LASTING = "lasting"
FILES = "files"
PROFILE = "profile"
SCRATCH = "scratch"
TARGET = "target"

# When a run starts that no data says a time for.
STARTED = datetime(2025, 1, 1, tzinfo=UTC)
_INVOCATION = "00000000-0000-4000-8000-000000000000"


def _stop_the_clock(started: datetime) -> None:
    """Let dbt believe in a time and an id: templates write both into SQL."""
    from dbt import tracking  # noqa: PLC0415 - dbt is slow to import
    from dbt.cli import requires  # noqa: PLC0415
    from dbt_common import invocation  # noqa: PLC0415

    class User(tracking.User):
        """Whoever runs dbt, always at the same moment."""

        def __init__(self, cookie_dir: str | None) -> None:
            super().__init__(cookie_dir)
            self.invocation_id = _INVOCATION
            self.run_started_at = started

    def reset() -> None:
        invocation._INVOCATION_ID = _INVOCATION  # noqa: SLF001 - dbt offers no other way
        invocation._INVOCATION_STARTED_AT = started.replace(tzinfo=None)  # noqa: SLF001

    tracking.User = User  # type: ignore[misc]
    requires.reset_invocation_id = reset  # type: ignore[attr-defined]
    reset()


def _leave_tests_out() -> None:
    """Parse no tests of columns and models: no value depends on them, and they take a third."""
    from dbt.parser.schema_generic_tests import SchemaGenericTestParser  # noqa: PLC0415

    def parse_tests(_parser: SchemaGenericTestParser, _block: object) -> None:
        return

    SchemaGenericTestParser.parse_tests = parse_tests  # type: ignore[method-assign,assignment]


def _work(request: dict[str, Any]) -> str:
    """Do what is asked for; give what dbt says of a mistake, empty where there is none."""
    here = Path.cwd()
    os.chdir(FILES)
    shared = [
        "--quiet", "--no-use-colors", "--log-level-file", "none", "--no-partial-parse",
        "--project-dir", str(here / FILES), "--profiles-dir", str(here / PROFILE),
        "--target-path", str(here / TARGET), "--target", request["target"],
        "--vars", json.dumps(request["vars"]),
    ]  # fmt: skip
    return _compile(request, shared) if request["command"] == "compile" else _build(request, shared)


def _compile(request: dict[str, Any], shared: list[str]) -> str:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    parsed = dbtRunner().invoke(["parse", "--no-write-json", *shared])
    if not parsed.success:
        if stands_in_files(parsed):
            Path("..", LASTING).touch()
        return failure_of(parsed)
    manifest: Manifest = parsed.result  # type: ignore[assignment]
    _declare_sources(manifest, request)
    selected = ["--select", "resource_type:model", "resource_type:snapshot"]
    arguments = ["compile", "--threads", "1", "--no-populate-cache", *shared, *selected]
    return failure_of(dbtRunner(manifest=manifest).invoke(arguments))


def _build(request: dict[str, Any], shared: list[str]) -> str:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    manifest = None
    if request["place"] is not None:
        # What is looked at is what is built: it is not parsed again.
        manifest, failure = parse_into(request["place"], shared)
        if manifest is None:
            return failure
    # What is there of an earlier build must not show in this one.
    left_out = ["--full-refresh", "--exclude-resource-type", "test", "unit_test"]
    return failure_of(dbtRunner(manifest=manifest).invoke(["build", *shared, *left_out]))


def _declare_sources(manifest: Manifest, request: dict[str, Any]) -> None:
    """Give templates that look at raw tables what the project declares of them."""
    if request["database"]:
        create_tables(Path("..", SCRATCH, request["database"]), manifest.sources.values())
    else:
        answer_from_declarations(request["adapter"], manifest.sources.values())


def _main() -> None:
    with stopping_with_parent():
        request = json.loads(Path(REQUEST).read_text(encoding="utf-8"))
        _stop_the_clock(datetime.fromisoformat(request["started"]))
        _leave_tests_out()
        failure = _work(request)
        if failure:
            Path("..", FAILURE).write_text(failure, encoding="utf-8")
            sys.exit(1)


if __name__ == "__main__":
    _main()
