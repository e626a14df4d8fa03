"""No room on the disk: what needs none is answered, and the rest is said."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from faults.interface_requests import INTERFACES, shows_no_insides, wait_until
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

_MEBIBYTE = 2**20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, bool]]:
    """Give a disk of one mebibyte, and whether it is one: it may be that none can be mounted."""
    directory = tmp_path / "disk"
    directory.mkdir()
    mount = shutil.which("mount")
    mounted = (
        mount is not None
        and not subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(directory)],
            check=False,
            capture_output=True,
        ).returncode
    )
    yield directory, mounted
    if mounted:
        subprocess.run([shutil.which("umount") or "umount", "-l", str(directory)], check=True)


def _fill(directory: Path) -> None:
    try:
        with (directory / "full").open("wb", buffering=0) as file:
            while file.tell() < 4 * _MEBIBYTE:
                file.write(b"x" * 4096)
    except OSError:
        return


@pytest.mark.slow
def test_caches_and_temporary_rows(
    heavy_shop: Path, metrics_command: Path, tmp_path: Path, small_disk: tuple[Path, bool]
) -> None:
    configuration = {"flight_port": 0, "limits": {"memory_megabytes": 160}}
    disk, mounted = small_disk
    caches, temporary = disk / "cache", disk / "tmp"
    for made in (caches, temporary):
        made.mkdir()
    with serving(
        metrics_command,
        heavy_shop,
        directory=tmp_path,
        configuration=configuration,
        environment={"XDG_CACHE_HOME": str(caches), "TMPDIR": str(temporary)},
    ) as server:
        assert server.get("/healthz").status_code == 200
        if mounted:
            _fill(disk)
        else:
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, 0))
        for interface, ask in INTERFACES.items():
            told = ask(server, "sorted")
            assert told.rows is None, interface
            assert "no room on the disk" in told.words, interface
            assert shows_no_insides(told.words), interface
            assert ask(server, "revenue").value == 135.65
        assert server.get("/readyz").status_code == 200
        assert not list(caches.rglob("*.json"))
    # With room, the same is answered.
    with serving(
        metrics_command, heavy_shop, directory=tmp_path, configuration=configuration
    ) as server:
        assert INTERFACES["rest"](server, "sorted").value > 0


@pytest.mark.slow
def test_the_audit_log(shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    audit = tmp_path / "audit.jsonl"
    configuration = {"flight_port": 0, "audit_log": str(audit)}
    with serving(metrics_command, shop, directory=tmp_path, configuration=configuration) as server:
        assert INTERFACES["rest"](server, "revenue").value == 135.65
        kept = tmp_path / "kept.jsonl"
        audit.rename(kept)
        # Every write to it says that the disk is full.
        audit.symlink_to("/dev/full")
        for ask in INTERFACES.values():
            assert ask(server, "revenue").value == 135.65
        # It looks once a second.
        wait_until(lambda: server.get("/readyz").status_code == 503, "it does not say so")
        ready = server.get("/readyz")
        assert ready.json()["audit_log"] == "it cannot be written: No space left on device"
        audit.unlink()
        kept.rename(audit)
        # Nobody is sent to a server that is not ready, so it finds out by itself.
        wait_until(lambda: server.get("/readyz").status_code == 200, "it is not ready again")
        assert INTERFACES["rest"](server, "revenue").value == 135.65
        wait_until(lambda: len(audit.read_text().splitlines()) >= 3, "nothing is written")
        lines = [json.loads(line) for line in audit.read_text().splitlines()]
        # At least one for each interface; Flight checks a question before it answers.
        [gap] = [line for line in lines if line["action"] == "not_written"]
        assert gap["missing"] >= len(INTERFACES)
        assert [line["outcome"] for line in lines if line is not gap] == ["ok", "ok"]
