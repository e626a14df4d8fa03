"""The units of systemd, which systemd itself reads here, and the server's configuration."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from metrics_store.serve.configuration.configuration_file import read_configuration

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("metrics-*"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    assert UNITS == ["metrics-refresh.service", "metrics-refresh.timer", "metrics-server.service"]
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # The commands that the units run are those of the environment of these tests.
        here = text.replace("/srv/metrics-store/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / name).write_text(here, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_server_reads_its_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_STORE_TOKEN", "a" * 64)
    configuration = read_configuration(DEPLOY / "server.yml")
    assert (configuration.host, len(configuration.tokens)) == ("0.0.0.0", 1)  # noqa: S104
