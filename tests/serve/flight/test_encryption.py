from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyarrow import flight

from metrics_store.errors import UnavailableError
from metrics_store.serve.flight.listener import FlightListener
from serve.certificates import write_certificate
from serve.flight.flight_client import ANA

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return write_certificate(tmp_path)


def test_a_interface_with_tls(interface: FlightListener, certificate: tuple[Path, Path]) -> None:
    encrypted = FlightListener(interface.service, certificate=certificate[0], key=certificate[1])
    encrypted.start()
    address = f"127.0.0.1:{encrypted.port}"
    options = flight.FlightCallOptions(headers=[(b"authorization", f"Bearer {ANA}".encode())])
    try:
        roots = certificate[0].read_bytes()
        with flight.connect(f"grpc+tls://{address}", tls_root_certs=roots) as client:
            assert client.list_actions(options)
        for plain in (
            flight.connect(f"grpc://{address}"),
            flight.connect(f"grpc+tls://{address}"),
        ):
            with plain, pytest.raises(flight.FlightUnavailableError):
                plain.list_actions(options)
    finally:
        encrypted.stop()


def test_a_certificate_without_its_key(
    interface: FlightListener, certificate: tuple[Path, Path]
) -> None:
    """Half of what TLS needs must not open an interface without TLS."""
    with pytest.raises(UnavailableError):
        FlightListener(interface.service, certificate=certificate[0]).start()
    with pytest.raises(UnavailableError):
        FlightListener(interface.service, key=certificate[1]).start()


def test_a_certificate_that_is_none(interface: FlightListener, tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    with pytest.raises(UnavailableError):
        FlightListener(interface.service, certificate=nonsense, key=nonsense).start()
