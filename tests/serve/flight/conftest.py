"""The interface of a small shop, open for a whole test process."""

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
from serve.flight.flight_client import ANA, BEN, Client

if TYPE_CHECKING:
    from pathlib import Path

OpenInterface = Callable[[Engine], FlightListener]


@contextmanager
def opened(engine: Engine) -> Iterator[FlightListener]:
    tokens = {ANA: Principal("ana"), BEN: Principal("ben")}
    interface = FlightListener(Service(engine, Authenticator(tokens)))
    interface.start()
    try:
        yield interface
    finally:
        interface.stop()


@pytest.fixture(scope="session")
def interface_engine(shop: Path) -> Iterator[Engine]:
    engine = Engine(load_target(shop))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def interface(interface_engine: Engine) -> Iterator[FlightListener]:
    with opened(interface_engine) as interface:
        yield interface


@pytest.fixture
def open_interface() -> Iterator[OpenInterface]:
    """Give a function that opens an interface of an engine until the test ends."""
    with ExitStack() as stack:
        yield lambda engine: stack.enter_context(opened(engine))


@pytest.fixture
def client(interface: FlightListener) -> Iterator[Client]:
    with Client(interface.port, ANA) as client:
        yield client


@pytest.fixture
def other_client(interface: FlightListener) -> Iterator[Client]:
    with Client(interface.port, BEN) as client:
        yield client


@pytest.fixture
def stranger(interface: FlightListener) -> Iterator[flight.FlightClient]:
    with flight.connect(f"grpc://127.0.0.1:{interface.port}") as client:
        yield client
