"""On PostgreSQL the answers are the same, and rows that others may change have no tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from serve.server_process import serving

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics

pytestmark = pytest.mark.xdist_group("shop")


@pytest.mark.slow
def test_rows_of_a_server_are_asked_for_each_time(  # noqa: PLR0913, PLR0917 - fixtures
    tiny_project: Path,
    postgres_server: dict[str, object],
    postgres_environment: dict[str, str],
    run_metrics: RunMetrics,
    metrics_command: Path,
    tmp_path: Path,
) -> None:
    built = run_metrics("build", "--target", "dev", cwd=tiny_project)
    assert built.returncode == 0, built.stderr
    with serving(
        metrics_command,
        tiny_project,
        "--target",
        "dev",
        directory=tmp_path,
        environment=postgres_environment,
    ) as server:
        path = "/v1/query?metrics=revenue"
        first = server.get(path)
        assert first.json()["rows"] == [{"revenue": 135.65}]
        assert first.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in first.headers
        assert server.get("/v1/metrics").headers["ETag"]
        database = {**postgres_server, "dbname": postgres_environment["METRICS_STORE_DEV_DATABASE"]}
        with psycopg.connect(**database) as connection:  # type: ignore[arg-type]
            connection.execute("update dev.orders set amount = 0")
        assert server.get(path).json()["rows"] == [{"revenue": 0.0}]
