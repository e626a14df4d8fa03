"""The principal of local use: the command line, and Python in the same process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.access.policies.policy_file import POLICY_FILE, read_policy_file
from metrics_store.access.principal import LOCAL, Principal
from metrics_store.errors import NotAllowedError

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.access.policies.policy_file import Local


def local_principal(project_directory: Path) -> Principal:
    """Give the principal of requests from this machine: command line and Python, without token.

    Without policies it is `LOCAL`, who sees all. With policies it is who the file's `local` says.

    Raises:
        NotAllowedError: There are policies, and they say nothing of the people here.
        MetricsStoreError: The policies are wrong.
    """
    found = read_policy_file(project_directory)
    return LOCAL if found is None else principal_of(found[0].local)


def principal_of(local: Local | None) -> Principal:
    """Give the principal that the policies mean by the people at this machine.

    Raises:
        NotAllowedError: They say nothing of them.
    """
    if local is None:
        raise NotAllowedError(
            "the policies let nobody at this machine see metrics",
            where=POLICY_FILE,
            remedy="say in the file who the people here are, as in `local: {groups: [everybody]}`",
        )
    attributes = {
        name: (values,) if isinstance(values, str) else values
        for name, values in local.attributes.items()
    }
    return Principal(local.name, frozenset(local.groups), attributes)
