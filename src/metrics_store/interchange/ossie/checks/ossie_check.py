"""Checks an Ossie document: form, names, references, SQL and extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.ossie.checks.extension_problems import (
    extension_problems,
    own_extension_problems,
)
from metrics_store.interchange.ossie.checks.ossie_file import read_ossie_file
from metrics_store.interchange.ossie.checks.ossie_references import (
    name_problems,
    reference_problems,
)
from metrics_store.interchange.ossie.checks.ossie_sql import sql_problems
from metrics_store.interchange.ossie.checks.schema_problems import schema_problems, version_of
from metrics_store.interchange.ossie.ossie_problems import OssieProblem, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from metrics_store.interchange.ossie.ossie_versions import OssieVersion

_MOST_SHOWN = 50


def checked_document(path: Path) -> tuple[dict[str, Any], OssieVersion]:
    """Read a document that must be right, and its version.

    Raises:
        MetricsStoreError: It cannot be read, or something is wrong with it.
    """
    document = read_ossie_file(path)
    problems = document_problems(document)
    if problems:
        refuse(path, problems)
    version = version_of(document)
    assert not isinstance(version, OssieProblem)  # noqa: S101 - else there is a problem
    return document, version


def refuse(path: Path, problems: list[OssieProblem]) -> NoReturn:
    """Say what is wrong with a document, each with its place.

    Raises:
        MetricsStoreError: Always.
    """
    shown = [str(one) for one in problems[:_MOST_SHOWN]]
    if len(problems) > _MOST_SHOWN:
        shown.append(f"... and {len(problems) - _MOST_SHOWN} more")
    count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    raise MetricsStoreError(
        f"the Ossie document has {count}:\n" + "\n".join(f"  {one}" for one in shown),
        where=str(path),
        remedy="mend the document; docs/interchange.md says what is checked",
    )


def document_problems(document: dict[str, Any]) -> list[OssieProblem]:
    """Give what is wrong with a document.

    Names and what they refer to are checked only where the form is right.
    """
    version = version_of(document)
    if isinstance(version, OssieProblem):
        return [version]
    problems = list(schema_problems(document, version))
    if not problems:
        problems += name_problems(document)
        problems += reference_problems(document)
        problems += sql_problems(document, version)
        problems += extension_problems(document)
        problems += _undeclared_dialects(document)
    if not problems:
        problems += own_extension_problems(document)
    return list(dict.fromkeys(problems))


def _undeclared_dialects(document: dict[str, Any]) -> Iterator[OssieProblem]:
    declared = document.get("dialects")
    if declared is None:
        return
    used = {
        one["dialect"]
        for model in document["semantic_model"]
        for part in (
            *model.get("metrics", ()),
            *(field for dataset in model["datasets"] for field in dataset.get("fields", ())),
        )
        for one in part["expression"]["dialects"]
    }
    for dialect in sorted(used - set(declared)):
        what = f"{dialect} is used and not listed"
        yield OssieProblem(path_of(["dialects"]), what, "all dialects that are used")
