"""The client as a distribution of its own: it asks a server, and needs nothing of the engine."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

import pytest

from client.servers import TOKEN
from metrics_store.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

# Nothing can be imported but Python's own, the wheel, and what the wheel requires. A process of
# its own: the others have imported everything.
_PROGRAM = """
import json, re, sys
from importlib.metadata import distribution, packages_distributions, requires

wheel, address, token = sys.argv[1:]
sys.path.insert(0, wheel)

def needed(name, found):
    if name not in found:
        found.add(name)
        for line in distribution(name).requires or ():
            if "extra ==" not in line:
                try:
                    needed(normal(re.match(r"[\\w.-]+", line)[0]), found)
                except ModuleNotFoundError:
                    pass  # for another system
    return found

def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()

allowed = needed("metrics-store-client", set())
owners = packages_distributions()

class Refusing:
    def find_spec(self, name, path=None, target=None):
        found = {normal(one) for one in owners.get(name.partition(".")[0], ())}
        if found and not found & allowed:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Refusing())
import metrics_store
assert metrics_store.__file__.startswith(wheel), metrics_store.__file__
metrics = metrics_store.connect(address, token=token)
result = metrics.query("revenue", group_by="order__status")
described = metrics.metric("revenue")
try:
    metrics_store.connect()
except Exception as error:
    refused = str(error)
print(json.dumps({
    "version": metrics_store.__version__,
    "rows": [{name: str(value) for name, value in row.items()} for row in result.rows()],
    "metrics": [metric.name for metric in metrics.metrics("reven")],
    "dimensions": [one.qualified_name for one in described.dimensions],
    "refused": refused,
    "imported": sorted({name.partition(".")[0] for name in sys.modules}),
}))
"""


@pytest.fixture(scope="module")
def unpacked(client_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("light_client")
    with zipfile.ZipFile(client_wheel) as archive:
        archive.extractall(directory)
    return directory


def test_it_asks_a_server_with_what_it_requires_alone(
    unpacked: Path, address: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(unpacked), address, TOKEN],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    assert not done.stderr
    said = json.loads(done.stdout)
    assert said["version"] == __version__
    assert said["rows"] == [
        {"order__status": "paid", "revenue": "35.75"},
        {"order__status": "returned", "revenue": "99.90"},
    ]
    assert said["metrics"] == ["revenue"]
    assert "order__status" in said["dimensions"]
    assert "the client alone" in said["refused"]
    assert "connect('https://metrics.example.com')" in said["refused"]
    engine = {"dbt", "metricflow", "metricflow_semantics", "duckdb", "sqlglot", "psycopg", "pandas"}
    assert engine <= packages_distributions().keys()
    assert not engine & set(said["imported"])
