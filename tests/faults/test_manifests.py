"""Definitions that are broken, while the server runs and before it starts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from faults.interface_requests import INTERFACES, rest, shows_no_insides, wait_until
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")


def _without_measures(good: bytes) -> bytes:
    said = json.loads(good)
    for model in said["semantic_models"]:
        model["measures"] = []
    return json.dumps(said).encode()


def _of_another_shape(good: bytes) -> bytes:
    said = json.loads(good)
    said["metrics"] = {"revenue": said["metrics"]}
    return json.dumps(said).encode()


BROKEN: dict[str, Callable[[bytes], bytes | None]] = {
    "half written": lambda good: good[: len(good) // 2],
    "other JSON": lambda _: b'{"hello": ["world"]}',
    "a list": lambda _: b"[]",
    "nested": lambda _: b"[" * 100_000,
    "empty": lambda _: b"",
    "zeros": lambda good: b"\0" * len(good),
    "no text": lambda good: b"\xff\xfe" + good,
    "deleted": lambda _: None,
    "of another shape": _of_another_shape,
    "without measures": _without_measures,
}


def _manifest(shop: Path) -> Path:
    return find_live_warehouse(load_target(shop)).artifacts / SEMANTIC_MANIFEST


def _put(file: Path, content: bytes | None) -> None:
    """Replace a file in one go, or remove it."""
    if content is None:
        file.unlink(missing_ok=True)
        return
    new = file.with_suffix(".new")
    new.write_bytes(content)
    new.replace(file)


@pytest.mark.slow
def test_while_the_server_runs_the_last_good_one_answers(
    changing_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    manifest = _manifest(changing_shop)
    good = manifest.read_bytes()
    with serving(
        metrics_command, changing_shop, directory=tmp_path, configuration={"flight_port": 0}
    ) as server:

        def said() -> str:
            ready = server.get("/readyz")
            # It answers, so it is ready; what it cannot use, it says.
            assert ready.status_code == 200
            found: str = ready.json()["newest_build"]
            return found

        assert said() == "ok"
        for name, broken in BROKEN.items():
            _put(manifest, broken(good))
            values = {
                interface: ask(server, "revenue").value for interface, ask in INTERFACES.items()
            }
            assert set(values.values()) == {135.65}, name
            wait_until(lambda: said() != "ok", name)
            assert "it cannot be used" in said(), name
            assert shows_no_insides(said()), name
            _put(manifest, good)
            wait_until(lambda: rest(server, "revenue").rows and said() == "ok", name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["half written", "deleted", "without measures"])
def test_from_the_start_the_server_says_so_until_it_is_mended(
    changing_shop: Path, metrics_command: Path, tmp_path: Path, name: str
) -> None:
    manifest = _manifest(changing_shop)
    good = manifest.read_bytes()
    _put(manifest, BROKEN[name](good))
    with serving(
        metrics_command, changing_shop, directory=tmp_path, configuration={"flight_port": 0}
    ) as server:
        ready = server.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
        assert ready.json()["definitions"] != "ok"
        assert shows_no_insides(ready.text)
        assert server.get("/healthz").status_code == 200
        for interface, ask in INTERFACES.items():
            told = ask(server, "revenue")
            assert told.rows is None, interface
            assert "definitions cannot be read" in told.words or "not built yet" in told.words
            assert shows_no_insides(told.words), interface
        assert rest(server, "revenue").code == "unavailable"
        _put(manifest, good)
        for ask in INTERFACES.values():
            assert ask(server, "revenue").value == 135.65
