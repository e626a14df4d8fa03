"""Opens connections: to a project on this machine, or to a server."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.client.remote_connection import RemoteConnection
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.client.connection import Connection


def connect(  # noqa: PLR0913 - two kinds of connection
    url: str | None = None,
    *,
    token: str | None = None,
    project_dir: str | Path | None = None,
    target: str | None = None,
    verify: bool | str = True,
    timeout: float = 300.0,
    rollups: bool = True,
) -> Connection:
    """Connect to metrics.

    `connect()` answers in this process, with the rights of whoever runs it, from the dbt project
    that the working directory is in. `connect("https://metrics.example.com", token=...)` asks a
    server. Both give the same answers and the same errors.

    Args:
        url: Address of a server.
        token: What the server knows you by.
        project_dir: The dbt project, where it is another.
        target: Target of the dbt profile; by default the profile's own.
        verify: File with the certificates to trust, in place of those of the system; False trusts
            any, and so anybody in between.
        timeout: Seconds that the server may take to answer.
        rollups: Whether questions may be answered from roll-ups; a server chooses by itself.

    Raises:
        MetricsStoreError: There is no such project or target, or nothing was built yet.
    """
    if url is not None:
        if project_dir is not None or target is not None:
            raise MetricsStoreError(
                "a server has its own project and target", where="project_dir, target"
            )
        return RemoteConnection(url, token=token, verify=verify, timeout=timeout)
    return _local(project_dir, target, rollups=rollups)


def _local(project_dir: str | Path | None, target: str | None, *, rollups: bool) -> Connection:
    """Connect to a project here; what that takes is imported now, as a server needs none of it."""
    if find_spec("metrics_store.engine") is None:
        raise MetricsStoreError(
            "this is the client alone, which asks servers",
            expected="the address of one: metrics_store.connect('https://metrics.example.com')",
            remedy="pass it, or install the whole store in another environment: "
            "pip install metrics-store",
        )
    from metrics_store.client.local_connection import LocalConnection  # noqa: PLC0415
    from metrics_store.project.location import (  # noqa: PLC0415
        find_project_directory,
        project_directory,
    )
    from metrics_store.project.profile import load_target  # noqa: PLC0415

    found = (
        find_project_directory() if project_dir is None else project_directory(Path(project_dir))
    )
    return LocalConnection(load_target(found, target), rollups=rollups)
