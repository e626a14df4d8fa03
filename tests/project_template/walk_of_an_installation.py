"""From the wheel to an upgraded project, as a newcomer does it; run by `make test-install`.

Everything that the package needs is installed anew, from the registry.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from metrics_store.project_template.base import Base, read_base, write_base
from metrics_store.version import __version__
from serve.server_process import serving

ROOT = Path(__file__).parents[2]
QUOTA, WIN_RATE, OWNERS = "metrics/quota.yml", "metrics/win_rate.yml", "METRIC_OWNERS"


def run(*arguments: str | Path, directory: Path, exit_code: int = 0) -> str:
    done = subprocess.run(arguments, cwd=directory, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    print(f"$ {' '.join(map(str, arguments))}\n{said}")  # noqa: T201 - shown by pytest -s
    assert done.returncode == exit_code, said
    assert "Traceback" not in said
    return said


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    environment = tmp_path_factory.mktemp("walk") / "environment"
    run(sys.executable, "-m", "venv", environment, directory=environment.parent)
    run(environment / "bin/pip", "install", f"{wheel}[server]", directory=environment.parent)
    return environment / "bin"


def test_it_is_a_store(scripts: Path, tmp_path: Path) -> None:
    metrics, project = scripts / "metrics", tmp_path / "my_store"
    run(metrics, "init", "my_store", directory=tmp_path)
    run("git", "init", "--quiet", directory=project)
    told = run(metrics, "demo", directory=project)
    assert "Why are deals lost?" in told
    assert "win_rate" in run(scripts / "mf", "list", "metrics", directory=project)
    question = ("query", "--metrics", "win_rate", "--format", "csv")
    (row,) = run(metrics, *question, directory=project).splitlines()[1:]
    assert 0 < float(row) < 1
    with serving(metrics, project, directory=tmp_path) as server:
        given = server.get("/v1/query?metrics=win_rate&format=csv")
        assert given.text.splitlines()[1:] == [row]
        _ask_from_elsewhere(server.url, tmp_path)
    run(metrics, "exports", "--check", directory=project)

    # As if an older version had made it, and its owner had worked on it.
    newest = read_base(project).files
    older = {name: b"# older\n" + newest[name] for name in (QUOTA, WIN_RATE, OWNERS)}
    write_base(project, Base("0.0.9", {**newest, **older}))
    for name, content in older.items():
        (project / name).write_bytes(content)
    (project / WIN_RATE).write_bytes(older[WIN_RATE] + b"# mine\n")
    (project / QUOTA).write_bytes(older[QUOTA].replace(b"# older", b"# mine"))
    (project / OWNERS).unlink()
    (project / "docs/python.md").unlink()
    (project / "seeds/mine.csv").write_text("name\nmine\n")
    told = run(metrics, "upgrade", directory=project, exit_code=1)
    for line in (f"merged        {WIN_RATE}", f"conflict      {QUOTA}", f"left deleted  {OWNERS}"):
        assert line in told
    assert (project / WIN_RATE).read_bytes() == newest[WIN_RATE] + b"# mine\n"
    assert (project / QUOTA).read_bytes().startswith(b"# mine\n")
    (project / f"{QUOTA}.rej").unlink()
    assert f"({__version__} -> {__version__})" in run(metrics, "upgrade", directory=project)
    assert not (project / OWNERS).exists()
    run(metrics, "build", "--select", "mine", directory=project)
    assert (row,) == tuple(run(metrics, *question, directory=project).splitlines()[1:])


_NOTEBOOK = """
import sys
import metrics_store
with metrics_store.connect(sys.argv[1]) as metrics:
    result = metrics.query("win_rate", group_by="metric_time__year")
pandas, polars = result.to_pandas(), result.to_polars()
assert [pandas.dtypes[name].kind for name in result.columns] == ["M", "f"], pandas.dtypes
assert len(pandas) == len(polars) > 1
assert pandas["win_rate"].mean() == polars["win_rate"].mean() > 0
print(*polars.dtypes, *result.to_polars(decimals=True).dtypes)
"""


def _ask_from_elsewhere(address: str, tmp_path: Path) -> None:
    """Ask from a notebook, whose environment has the client alone."""
    notebook = tmp_path / "notebook"
    run(sys.executable, "-m", "venv", notebook, directory=tmp_path)
    client = f"{ROOT / 'client'}[pandas,polars]"
    run(notebook / "bin/pip", "install", client, directory=tmp_path)
    installed = run(notebook / "bin/pip", "list", "--format", "freeze", directory=tmp_path)
    for name in ("dbt", "metricflow", "duckdb", "psycopg", "sqlglot"):
        assert name not in installed
    told = run(notebook / "bin/python", "-c", _NOTEBOOK, address, directory=tmp_path)
    assert told.startswith("Datetime(time_unit='us', time_zone=None) Float64")
