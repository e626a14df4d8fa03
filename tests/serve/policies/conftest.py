"""A market with policies, served through every interface to three callers."""

from __future__ import annotations

import csv
import shutil
import subprocess
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from hostile.interface_requests import Interface, Server, connect_interface
from metrics_store import connect
from metrics_store.access.authentication.known_tokens import hash_token
from serve.endless_engine import PATIENCE
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Served = Callable[[Path], "Market"]

MARKET = Path(__file__).parents[2] / "market_project"
# Ada sees all, Bea the south by few names, Eve is known and no policy is for her.
TOKENS = {name: f"ms_token-of-{name}-that-no-output-shows" for name in ("ada", "bea", "eve")}
SEEN_METRICS = ["revenue", "orders_placed", "revenue_paid", "customers_signed_up"]
SEEN_DIMENSIONS = ["order__status", "customer__region"]
POLICIES: dict[str, Any] = {
    "local": {"name": "bea", "groups": ["regional"], "attributes": {"regions": ["south"]}},
    "policies": [
        {"name": "all", "to": {"users": ["ada"]}, "metrics": ["*"], "dimensions": ["*"]},
        {
            "name": "own region",
            "to": {"groups": ["regional"]},
            "metrics": SEEN_METRICS,
            "dimensions": SEEN_DIMENSIONS,
            "rows": [{"dimension": "customer__region", "in": "caller.regions"}],
        },
    ],
}
HIDDEN_METRICS = ["largest_order", "visits", "stock", "web_share", "buyers", "revenue_to_date"]
HIDDEN_DIMENSIONS = ["order__channel", "customer__customer_name", "visit__source"]
SEEN_SAVED_QUERIES = ["revenue_by_month_of_the_year", "revenue_by_region"]
HIDDEN_SAVED_QUERY = "stock_by_store"
# Names and words that an answer to Bea never holds.
HIDDEN = [
    *HIDDEN_METRICS,
    *HIDDEN_DIMENSIONS,
    HIDDEN_SAVED_QUERY,
    "channel",
    "customer_name",
    "stock_last",
    "visit_count",
    "amount_max",
]


@dataclass
class Market:
    """A server of the market.

    Attributes:
        project: The dbt project.
        serving: The server's process.
    """

    project: Path
    serving: Serving

    def of(self, name: str) -> Server:
        """Give the server as somebody sees it."""
        return Server(self.serving.url, self._flight, TOKENS[name])

    @property
    def _flight(self) -> int:
        return int(self.serving.entry(message="listening")["flight"].split(":")[-1])

    @contextmanager
    def interfaces(self, name: str) -> Iterator[list[Interface]]:
        """Give every interface of the server, as somebody who knocks there."""
        server = self.of(name)
        with connect(server.url, token=TOKENS[name]) as there:
            yield [
                connect_interface(there, "connect to a server"),
                *server.interfaces(),
                server.cube_interface(),
            ]


def write_policies(project: Path, content: object = POLICIES) -> None:
    """Put policies where they are read, in one step."""
    new = project / "access.new"
    new.write_text(
        content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8"
    )
    new.replace(project / "access.yml")


def seed(table: str) -> list[dict[str, str]]:
    """Give the rows of a seed."""
    path = MARKET / "seeds" / f"raw_{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def revenue(region: str | None = None) -> dict[str | None, Decimal | None]:
    """Work out the revenue by status, of all customers or of those of a region."""
    regions = {row["customer_id"]: row["region"] for row in seed("customers")}
    sums: dict[str | None, Decimal | None] = defaultdict(lambda: None)
    for row in seed("orders"):
        if region is None or regions.get(row["customer_id"]) == region:
            status = row["status"] or None
            sums[status] = sums[status]
            if row["amount"]:
                sums[status] = (sums[status] or Decimal(0)) + Decimal(row["amount"])
    return dict(sums)


@pytest.fixture(scope="session")
def built_market(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path) -> Path:
    """Give the market, built; tests only copy it."""
    project = tmp_path_factory.mktemp("market") / "market"
    shutil.copytree(MARKET, project)
    subprocess.run([metrics_command, "build"], cwd=project, check=True, capture_output=True)
    write_policies(project)
    return project


@contextmanager
def market_served(command: Path, project: Path, directory: Path) -> Iterator[Market]:
    tokens: list[dict[str, Any]] = [
        {"name": name, "sha256": hash_token(token)} for name, token in TOKENS.items()
    ]
    tokens[1] |= {"groups": ["regional"], "attributes": {"regions": ["south"]}}
    with serving(
        command,
        project,
        configuration={"tokens": tokens, "flight_port": 0, "audit_log": "audit.jsonl"},
        directory=directory,
    ) as process:
        yield Market(project, process)


@pytest.fixture(scope="session")
def market(
    built_market: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Market]:
    directory = tmp_path_factory.mktemp("policies")
    with market_served(metrics_command, built_market, directory) as served:
        yield served


@pytest.fixture
def own_market(built_market: Path, metrics_command: Path, tmp_path: Path) -> Iterator[Market]:
    """Give a server of a market that the test may change."""
    project = tmp_path / "market"
    shutil.copytree(built_market, project, symlinks=True)
    with market_served(metrics_command, project, tmp_path) as served:
        yield served


@pytest.fixture
def wait() -> Callable[[Callable[[], bool]], None]:
    """Give a function that waits until something holds, which must be soon."""

    def waited(holds: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < ends
            time.sleep(0.1)

    return waited
