"""The server that the client's tests ask, and the client as it is installed alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from client.servers import TOKEN
from metrics_store.access.authentication.known_tokens import hash_token
from serve.server_process import serving
from sharing import made_once

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="package")
def address(
    shop: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    configuration = {"tokens": [{"name": "ana", "sha256": hash_token(TOKEN)}]}
    directory = tmp_path_factory.mktemp("client")
    with serving(metrics_command, shop, directory=directory, configuration=configuration) as server:
        yield server.url


@pytest.fixture(scope="session")
def client_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the distribution of the client alone, built once a test run."""

    def build(directory: Path) -> None:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", directory]
        subprocess.run(command, cwd=ROOT / "client", check=True, capture_output=True)

    (built,) = made_once(tmp_path_factory, "client_wheel", build).glob("*.whl")
    return built
