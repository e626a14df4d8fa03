"""What the rules look at besides the definitions: the changelog, the owners, who agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.git.repository import find_repository
from metrics_store.review.versions.metric_owners import OWNERS_FILE, read_owners
from metrics_store.review.versions.version_rules import RuleContext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from metrics_store.review.git.repository import Repository
    from metrics_store.review.revisions.revision import Revision


def rule_context(
    base: Revision,
    head: Revision,
    project_directory: Path,
    changelog: str,
    approvers: Sequence[str],
) -> RuleContext:
    """Gather them.

    The owners are those that the base names: a change does not choose who must agree to it. Where
    the base names none, those of the head count, so that the first such file is reviewed as well.

    Args:
        base: The revision before.
        head: The revision after.
        project_directory: The dbt project.
        changelog: The path of the changelog below the project.
        approvers: Who agreed.

    Raises:
        MetricsStoreError: The owners cannot be understood.
    """
    if base.tree is None or head.tree is None:
        return RuleContext(changelog_name=changelog, approvers=tuple(approvers))
    repository = find_repository(project_directory)
    before = _text(repository, base, changelog).splitlines()
    after = _text(repository, head, changelog).splitlines()
    owners = _text(repository, base, OWNERS_FILE) or _text(repository, head, OWNERS_FILE)
    known = set(before)
    return RuleContext(
        changelog=tuple(line for line in after if line not in known),
        changelog_name=changelog,
        owners=read_owners(owners) if owners else None,
        approvers=tuple(approvers),
    )


def _text(repository: Repository, revision: Revision, path: str) -> str:
    """Give a file of the project at a revision; empty where it has none."""
    if revision.commit is None:
        file = repository.project_directory / path
        return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    content = repository.show(revision.commit, path)
    return content.decode(errors="replace") if content else ""
