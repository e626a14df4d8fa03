"""Callers who leave, or cancel: the work stops, and nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import flight

from metrics_store.engine.answer import Answer
from metrics_store.engine.engine import Engine
from serve.endless_engine import PATIENCE, Endless
from serve.flight.flight_client import ANA, BEN, REVENUE, Client, field, packed

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.engine.call import Call
    from metrics_store.query.metric_request import MetricRequest
    from serve.flight.conftest import OpenInterface

LEAVING = """
import sys
from pyarrow import flight
client = flight.connect("grpc://127.0.0.1:" + sys.argv[1])
options = flight.FlightCallOptions(headers=[(b"authorization", b"Bearer " + sys.argv[2].encode())])
client.do_get(flight.Ticket(bytes.fromhex(sys.argv[3])), options).read_all()
"""


class Broad(Engine):
    """An engine with an answer that does not fit into what a connection holds."""

    def __init__(self) -> None:
        self.rows = 8_000_000

    def answer(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> Answer:
        del request, principal, call
        return Answer(pa.table({"number": pa.array(range(self.rows), pa.int64())}), "", "", "")

    def compile(
        self, request: MetricRequest, principal: Principal, call: Call | None = None
    ) -> str:
        del request, principal, call
        return ""


def wait_for(what: str, holds: object) -> None:
    assert callable(holds)
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def test_a_caller_who_waits_no_longer(open_interface: OpenInterface) -> None:
    engine = Endless()
    interface = open_interface(engine)
    with Client(interface.port, ANA) as client:
        ticket = flight.Ticket(packed("CommandStatementQuery", field(1, REVENUE)))
        with pytest.raises(flight.FlightTimedOutError):
            client.client.do_get(ticket, client.options(timeout=0.5)).read_all()
        assert engine.stopped.wait(PATIENCE)
        assert interface._active_calls is not None
        wait_for("a call is left behind", lambda: not interface._active_calls._active)


def test_a_caller_who_is_killed(open_interface: OpenInterface) -> None:
    engine = Endless()
    interface = open_interface(engine)
    ticket = packed("CommandStatementQuery", field(1, REVENUE)).hex()
    arguments = [sys.executable, "-c", LEAVING, str(interface.port), ANA, ticket]
    with subprocess.Popen(arguments, stderr=subprocess.DEVNULL) as process:
        assert engine.begun.wait(PATIENCE)
        assert not engine.stopped.is_set()
        process.kill()
    assert engine.stopped.wait(PATIENCE)


@pytest.mark.parametrize("action", ["CancelQuery", "CancelFlightInfo"])
def test_an_answer_is_cancelled_by_its_ticket_and_by_nobody_else(
    open_interface: OpenInterface, action: str
) -> None:
    engine = Endless()
    interface = open_interface(engine)
    with (
        Client(interface.port, ANA) as ana,
        Client(interface.port, BEN) as ben,
        ThreadPoolExecutor() as pool,
    ):
        info = ana.info_of(REVENUE)
        other = ana.info_of(REVENUE)

        def cancel(client: Client, info: flight.FlightInfo) -> bytes:
            body = field(1, info.serialize())
            if action == "CancelQuery":
                body = packed("ActionCancelQueryRequest", body)
            [result] = client.act(action, body)
            return result

        answer = pool.submit(ana.rows, info)
        assert engine.begun.wait(PATIENCE)
        assert cancel(ben, info).endswith(b"\x08\x03")
        assert cancel(ana, other).endswith(b"\x08\x03")
        assert not engine.stopped.is_set()
        assert cancel(ana, info).endswith(b"\x08\x01")
        with pytest.raises(flight.FlightCancelledError):
            answer.result(PATIENCE)
        assert cancel(ana, info).endswith(b"\x08\x03")


def test_a_interface_that_closes_ends_what_is_under_way(open_interface: OpenInterface) -> None:
    engine = Endless()
    interface = open_interface(engine)
    with Client(interface.port, ANA) as client, ThreadPoolExecutor() as pool:
        answer = pool.submit(client.get, packed("CommandStatementQuery", field(1, REVENUE)))
        assert engine.begun.wait(PATIENCE)
        assert interface._active_calls is not None
        looking = interface._active_calls._thread
        assert looking is not None
        assert looking.is_alive()
        interface.stop()
        assert not looking.is_alive()
        assert engine.stopped.is_set()
        with pytest.raises(flight.FlightError):
            answer.result(PATIENCE)
        with pytest.raises(flight.FlightUnavailableError):
            client.info_of(REVENUE)
    interface.stop()


def test_an_answer_that_nobody_reads_to_its_end_is_let_go(open_interface: OpenInterface) -> None:
    engine = Broad()
    interface = open_interface(engine)
    ticket = flight.Ticket(packed("CommandStatementQuery", field(1, REVENUE)))
    before = pa.total_allocated_bytes()
    with Client(interface.port, ANA) as client:
        reader = client.client.do_get(ticket, client.options())
        assert reader.read_chunk().data.nbytes <= 1 << 20
        assert pa.total_allocated_bytes() - before > engine.rows * 4
        reader.cancel()
        del reader
        wait_for("rows are left", lambda: pa.total_allocated_bytes() - before < engine.rows)


def test_a_large_answer_arrives_whole(open_interface: OpenInterface) -> None:
    engine = Broad()
    interface = open_interface(engine)
    with Client(interface.port, ANA) as client:
        table = client.get(packed("CommandStatementQuery", field(1, REVENUE)))
    assert table.num_rows == engine.rows
    assert table["number"][-1].as_py() == engine.rows - 1
    assert max(chunk.nbytes for chunk in table["number"].chunks) <= 1 << 20
