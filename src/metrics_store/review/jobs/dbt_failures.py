"""Messages of dbt's failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult


def failure_of(result: dbtRunnerResult) -> str:
    """Give what dbt says of a mistake; empty where it succeeded."""
    if result.success:
        return ""
    if result.exception:
        return str(result.exception)
    results = getattr(result.result, "results", [])
    failed = [one.message for one in results if one.message and one.status in ("error", "fail")]
    return "\n".join(failed) or "dbt did not say why"


def stands_in_files(result: dbtRunnerResult) -> bool:
    """Whether the mistake is in the files of the project: they cannot be parsed, here or ever."""
    from dbt.exceptions import DbtProjectError, ParsingError  # noqa: PLC0415 - dbt is slow to import
    from dbt_common.exceptions import CompilationError  # noqa: PLC0415

    return isinstance(result.exception, CompilationError | DbtProjectError | ParsingError)
