"""What a build may be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.build.build_options import BuildOptions
from metrics_store.build.warehouse_build import run_build
from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import Target

if TYPE_CHECKING:
    from pathlib import Path


def test_options_become_dbt_arguments() -> None:
    options = BuildOptions(
        full_refresh=True,
        select=("orders+", "tag:daily"),
        exclude=("time_spine",),
        variables="{marker: 'a b'}",
        threads=3,
        unit_tests=True,
    )
    expected = "--full-refresh --select orders+ --select tag:daily --exclude time_spine --vars"
    assert options.dbt_arguments() == [*expected.split(), "{marker: 'a b'}", "--threads", "3"]
    # Unit tests say nothing of the data: a build of every day leaves them out.
    assert BuildOptions().dbt_arguments() == ["--exclude-resource-type", "unit_test"]


def test_what_to_leave_out_in_dbts_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_EXCLUDE_RESOURCE_TYPES", "test")
    assert BuildOptions().dbt_arguments() == []


@pytest.mark.parametrize("variables", ["[1, 2]", "as_of", "7"])
def test_variables_that_are_no_mapping(variables: str) -> None:
    with pytest.raises(MetricsStoreError, match="not a YAML mapping"):
        BuildOptions(variables=variables)


def test_variables_that_are_no_yaml() -> None:
    with pytest.raises(MetricsStoreError, match="not valid YAML"):
        BuildOptions(variables="{as_of: ")


@pytest.mark.parametrize("kind", ["clickhouse", None])
def test_other_kinds_of_target(tmp_path: Path, kind: str | None) -> None:
    with pytest.raises(MetricsStoreError, match="cannot be built") as caught:
        run_build(Target(tmp_path, "cloud", {"type": kind}), BuildOptions())
    assert "duckdb, postgres, spark" in str(caught.value)


@pytest.mark.parametrize("path", [":memory:", "md:shop", "s3://bucket/shop.duckdb", None])
def test_duckdb_without_a_local_file(tmp_path: Path, path: str | None) -> None:
    settings = {"type": "duckdb"} | ({"path": path} if path else {})
    with pytest.raises(MetricsStoreError, match="no local file"):
        run_build(Target(tmp_path, "cloud", settings), BuildOptions())
    assert list(tmp_path.iterdir()) == []
