"""Bring a project up to the template of the installed package."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from metrics_store.errors import MetricsStoreError
from metrics_store.project_template.base import Base, read_base, write_base
from metrics_store.project_template.file_writer import write_file
from metrics_store.project_template.patch import write_patch
from metrics_store.project_template.template_files import read_template
from metrics_store.project_template.upgrade_plan import FileChange, Outcome, plan_upgrade
from metrics_store.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REJECTED = ".rej"


@dataclass(frozen=True)
class Upgrade:
    """What lies between a project and the template of the installed package.

    Attributes:
        project: Where the project is.
        base: The template that it goes back to.
        template: The one of the installed package.
        changes: What becomes of each file that differs between the two.
    """

    project: Path
    base: Base
    template: Base
    changes: list[FileChange]

    def of(self, *outcomes: Outcome) -> list[FileChange]:
        """Give the changes that come out as one of these."""
        return [change for change in self.changes if change.outcome in outcomes]

    def write(self) -> None:
        """Change the files; the template is kept last, so that what is stopped is done again.

        Raises:
            MetricsStoreError: A file cannot be written.
        """
        with _explained("a file of the project cannot be written"):
            for change in self.changes:
                _write(self.project, change)
            if self.template != self.base:
                write_base(self.project, self.template)


def compare_with_template(project: Path) -> Upgrade:
    """Find out what an upgrade would change; nothing is written.

    Raises:
        MetricsStoreError: The project does not say what it was made from, it was made from a newer
            template, or conflicts of an earlier upgrade are not settled.
    """
    base, template = read_base(project), Base(__version__, read_template())
    _require_newer(base.version, template.version)
    _require_settled(project, {*base.files, *template.files})
    with _explained("a file of the project cannot be read"):
        changes = plan_upgrade(project, base.files, template.files)
    return Upgrade(project, base, template, changes)


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MetricsStoreError(
            what,
            where=f"{error.filename}: {error.strerror}",
            remedy="mend that and run the command again; it goes on where it stopped",
        ) from error


def _write(project: Path, change: FileChange) -> None:
    path = project / change.name
    if change.content is not None:
        write_file(path, change.content)
    elif change.outcome is Outcome.REMOVED:
        path.unlink()
    elif change.outcome is Outcome.CONFLICT:
        patch = write_patch(change.name, change.before, change.after)
        rejected = path.with_name(path.name + REJECTED)
        write_file(rejected, patch.encode(errors="surrogateescape"))


def _require_newer(base: str, installed: str) -> None:
    try:
        is_newer = Version(base) > Version(installed)
    except InvalidVersion:
        return
    if is_newer:
        raise MetricsStoreError(
            "the project was made from a newer template than the installed one",
            where=f"the project: {base}; installed: {installed}",
            remedy=f"pip install --upgrade 'metrics-store>={base}'",
        )


def _require_settled(project: Path, names: set[str]) -> None:
    rejected = sorted(name + REJECTED for name in names if (project / (name + REJECTED)).exists())
    if rejected:
        raise MetricsStoreError(
            "conflicts of the last upgrade are not settled",
            where=", ".join(rejected),
            remedy="take over into each file what its .rej says, or leave it, and delete the .rej",
        )
