"""What dbt makes of a revision depends on the revision alone, and is made once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile import Target, load_target
from metrics_store.review.jobs.dbt_job import DbtJob
from metrics_store.review.revisions.revision import resolve
from metrics_store.review.revisions.revision_artifacts import (
    Artifacts,
    artifacts_of,
    artifacts_of_all,
)
from metrics_store.review.revisions.revision_files import project_snapshot
from review.history import History

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("revisions")]

WATCHFUL = """
select
    '{{ run_started_at }}' as started,
    '{{ invocation_id }}' as invocation,
    '{{ target.path }}' as path,
    '{{ env_var("SHOP_COLOUR", "red") }}' as colour,
    {% for column in adapter.get_columns_in_relation(source('till', 'receipts')) -%}
    {{ column.name }} as {{ column.name }}_{{ column.dtype | lower }},
    {% endfor -%}
    1 as one
from {{ source('till', 'receipts') }}
"""
SOURCES = """
version: 2
sources:
  - name: till
    schema: "raw_till"
    tables:
      - name: receipts
        columns:
          - {name: receipt_id, data_type: bigint, data_tests: [unique]}
          - {name: note}
          - {name: odd, data_type: "whatever); drop table x; --"}
      - name: undeclared
"""


def target_of(history: History, name: str = "duckdb") -> Target:
    return load_target(history.project, name)


def compiled(artifacts: Artifacts, name: str) -> str:
    return str(artifacts.manifest["nodes"][f"model.shop.{name}"]["compiled_code"])


@pytest.fixture(scope="module")
def watchful(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Give a history whose second commit has a model that looks at everything around it."""
    history = History(tmp_path_factory.mktemp("watchful") / "repository")
    history.write("models/watchful.sql", WATCHFUL)
    history.write("models/sources.yml", SOURCES)
    history.commit("second")
    return history


def test_two_compilations_agree(
    watchful: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = target_of(watchful)
    revisions = [resolve(name, watchful.project) for name in ("HEAD~1", "HEAD", "main")]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "one"))
    made = artifacts_of_all(revisions, target)
    assert [one.revision.name for one in made] == ["HEAD~1", "HEAD", "main"]
    assert made[1].directory == made[2].directory
    assert [len(one.semantic_manifest["metrics"]) for one in made] == [1, 1, 1]
    assert "model.shop.watchful" not in made[0].manifest["nodes"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another/place"))
    again = artifacts_of(revisions[1], target)
    sql = compiled(made[1], "watchful")
    assert compiled(again, "watchful") == sql
    # The raw table is nowhere; what it looks like is what the project declares.
    assert "receipt_id as receipt_id_bigint" in sql
    assert "note as note_varchar" in sql
    assert "odd as odd_varchar" in sql
    assert "'red' as colour" in sql
    # Kept, and found without compiling; nothing secret is kept.
    kept = again.directory
    assert kept is not None
    assert artifacts_of(revisions[1], target).directory == kept
    names = {"files", "manifest.json", "semantic_manifest.json"}
    assert {path.name for path in kept.iterdir()} == names
    assert again.files is not None
    assert (again.files / "dbt_project.yml").is_file()
    assert not list((watchful.project / "warehouse").glob("*.duckdb"))
    assert watchful.git("status", "--porcelain") == ""


def test_a_server_need_not_be_there(
    watchful: History, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_STORE_DEV_HOST", "nowhere.invalid")
    monkeypatch.setenv("METRICS_STORE_DEV_USER", "nobody")
    monkeypatch.setenv("METRICS_STORE_DEV_PASSWORD", "shown-nowhere")
    artifacts = artifacts_of(resolve("HEAD", watchful.project), target_of(watchful, "dev"))
    assert "receipt_id as receipt_id_bigint" in compiled(artifacts, "watchful")
    assert '"shop"."raw_till"."receipts"' in compiled(artifacts, "watchful")
    kept = [path for path in cache.rglob("*") if path.is_file()]
    assert not [path for path in kept if b"shown-nowhere" in path.read_bytes()]


def test_a_revision_that_does_not_parse(
    history: History, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.write("models/bad.sql", "select * from {{ ref('nowhere') }}")
    history.commit("bad")
    with pytest.raises(MetricsStoreError, match="cannot compile the project of main") as raised:
        artifacts_of(resolve("main", history.project), target_of(history))
    assert "models/bad.sql" in raised.value.where
    assert "nowhere" in raised.value.where
    assert str(cache) not in str(raised.value)
    kept = [path.name for path in (cache / "revisions").rglob("*") if path.is_file()]
    assert kept == ["failure.txt"]
    # Files that dbt cannot parse are not given to it again.
    monkeypatch.setattr(DbtJob, "start", lambda _: pytest.fail("dbt was started"))
    with pytest.raises(MetricsStoreError, match="cannot compile the project of HEAD") as again:
        artifacts_of(resolve("HEAD", history.project), target_of(history))
    assert again.value.where == raised.value.where


def test_a_revision_without_a_project_is_empty(history: History, cache: Path) -> None:
    history.git("rm", "-r", "--quiet", ".")
    history.git("commit", "--quiet", "--message", "nothing", "--allow-empty")
    empty = resolve("HEAD", history.project)
    history.git("checkout", "--quiet", history.first)
    artifacts = artifacts_of(empty, target_of(history))
    assert artifacts.is_empty
    assert (artifacts.manifest["nodes"], artifacts.semantic_manifest["metrics"]) == ({}, [])
    assert not (cache / "revisions").exists()


def test_packages_that_are_not_installed(history: History, cache: Path) -> None:
    history.write("packages.yml", "packages: [{package: dbt-labs/dbt_utils, version: 1.3.0}]")
    history.commit("packages")
    with pytest.raises(MetricsStoreError, match="packages that are not installed") as raised:
        artifacts_of(resolve("main", history.project), target_of(history))
    assert "dbt deps" in raised.value.remedy
    assert not list(cache.rglob("manifest.json"))


@pytest.mark.parametrize("destination", ["/etc", "../../elsewhere", "../models/../../x"])
def test_a_link_out_of_the_project(history: History, cache: Path, destination: str) -> None:
    (history.project / "models" / "link").symlink_to(destination)
    with pytest.raises(MetricsStoreError, match="leads out of it") as raised:
        artifacts_of(resolve(None, history.project), target_of(history))
    assert raised.value.where == f"the working tree: models/link -> {destination}"
    assert list((cache / "revisions").iterdir()) == []


def test_given_artifacts_are_checked(history: History, tmp_path: Path) -> None:
    content: dict[str, Any] = {"metadata": {"dbt_schema_version": "v1"}}
    for name in ("manifest.json", "semantic_manifest.json"):
        (tmp_path / name).write_text(json.dumps(content))
    with pytest.raises(MetricsStoreError, match="another version"):
        artifacts_of(resolve(str(tmp_path), history.project), target_of(history))


def test_what_else_compiled_sql_depends_on(
    watchful: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = target_of(watchful)

    def key(variables: dict[str, Any] | None = None, **settings: str | int) -> str:
        changed = replace(target, settings={**target.settings, **settings})
        snapshot = project_snapshot(resolve("HEAD", watchful.project), changed, variables or {})
        assert snapshot is not None
        return snapshot.key

    before = key()
    assert key(path="elsewhere/shop.duckdb", password="x", threads=7) == before  # noqa: S106
    others = [key(path="warehouse/other.duckdb"), key(schema="x"), key({"marker": 1})]
    monkeypatch.setenv("SHOP_ELSEWHERE", "blue")
    assert key() == before
    monkeypatch.setenv("SHOP_COLOUR", "blue")
    assert len({before, key(), *others}) == 5


def test_an_interruption_leaves_nothing(history: History, cache: Path) -> None:
    program = (
        # A background job of a shell starts with SIGINT ignored.
        "import signal, sys; from pathlib import Path\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from metrics_store.project.profile import load_target\n"
        "from metrics_store.review.revisions.revision_artifacts import artifacts_of\n"
        "from metrics_store.review.revisions.revision import resolve\n"
        "project = Path(sys.argv[1])\n"
        "artifacts_of(resolve('HEAD', project), load_target(project))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(history.project)],
        env=dict(os.environ),
        stderr=subprocess.PIPE,
    )
    while not list(cache.glob("revisions/new-*/output.txt")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert list((cache / "revisions").iterdir()) == []
