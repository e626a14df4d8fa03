"""The door of a small shop, open for a whole test process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from pyarrow import flight

from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import Principal
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.serve.flight.listener import FlightListener
from metrics_store.serve.service import Service
from serve.flight.calling import ANA, BEN, Client

if TYPE_CHECKING:
    from pathlib import Path

OpenDoor = Callable[[Engine], FlightListener]


@contextmanager
def opened(engine: Engine) -> Iterator[FlightListener]:
    tokens = {ANA: Principal("ana"), BEN: Principal("ben")}
    door = FlightListener(Service(engine, Authenticator(tokens)))
    door.start()
    try:
        yield door
    finally:
        door.stop()


@pytest.fixture(scope="session")
def door_engine(shop: Path) -> Iterator[Engine]:
    engine = Engine(load_target(shop))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def door(door_engine: Engine) -> Iterator[FlightListener]:
    with opened(door_engine) as door:
        yield door


@pytest.fixture
def open_door() -> Iterator[OpenDoor]:
    """Give a function that opens a door of an engine until the test ends."""
    with ExitStack() as stack:
        yield lambda engine: stack.enter_context(opened(engine))


@pytest.fixture
def client(door: FlightListener) -> Iterator[Client]:
    with Client(door.port, ANA) as client:
        yield client


@pytest.fixture
def other_client(door: FlightListener) -> Iterator[Client]:
    with Client(door.port, BEN) as client:
        yield client


@pytest.fixture
def stranger(door: FlightListener) -> Iterator[flight.FlightClient]:
    with flight.connect(f"grpc://127.0.0.1:{door.port}") as client:
        yield client
