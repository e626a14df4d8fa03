from __future__ import annotations

import datetime as dt
import ipaddress
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyarrow import flight

from metrics_store.errors import UnavailableError
from metrics_store.serve.flight.listener import FlightListener
from serve.flight.flight_client import ANA

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Give the files of a certificate for this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, key_file = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, key_file


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
