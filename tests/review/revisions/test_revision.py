"""What names stand for, and what makes two revisions the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.review.revisions.revision import WORKING_TREE, resolve
from review.history import History

if TYPE_CHECKING:
    from pathlib import Path


def test_a_commit_has_its_hash_and_its_date(history: History) -> None:
    revision = resolve("main", history.project)
    assert (revision.name, revision.commit) == ("main", history.first)
    assert revision.date == datetime(2026, 3, 4, 3, 6, 7, tzinfo=UTC)


def test_only_what_dbt_reads_counts(history: History) -> None:
    before = resolve("HEAD", history.project).key
    history.write("src/engine.py", "print()")
    history.write("checks/readme.txt", "a file below a path that dbt reads")
    history.commit("python")
    changed = resolve("HEAD", history.project).key
    assert changed != before
    history.write("src/engine.py", "print(1)")
    history.write("README.md", "words")
    history.commit("python again")
    assert resolve("HEAD", history.project).key == changed
    history.write("models/new.sql", "select 1 as one")
    history.commit("a model")
    assert resolve("HEAD", history.project).key != changed
    assert resolve("HEAD~1", history.project).key == changed


def test_who_may_see_what_counts_too(history: History) -> None:
    before = resolve("HEAD", history.project).key
    history.write("access.yml", "policies: []")
    assert resolve(None, history.project).key != before


def test_the_clean_working_tree_is_the_last_commit(history: History) -> None:
    revision = resolve(None, history.project)
    assert (revision.name, revision.commit, revision.date) == (WORKING_TREE, None, None)
    assert revision.key == resolve("HEAD", history.project).key


def test_the_working_tree_has_what_is_not_committed_and_the_index_stays(history: History) -> None:
    clean = resolve(None, history.project).key
    history.write(".gitignore", "*.log.sql")
    history.write("models/x.log.sql", "ignored")
    assert resolve(None, history.project).key == clean
    history.write("models/new.sql", "select 1 as one")
    untracked = resolve(None, history.project).key
    assert untracked != clean
    assert "?? models/new.sql" in history.git("status", "--porcelain")
    (history.project / "models/orders.sql").unlink()
    assert resolve(None, history.project).key not in (clean, untracked)
    history.git("add", "models/new.sql")
    before = history.git("status", "--porcelain")
    resolve(None, history.project)
    assert history.git("status", "--porcelain") == before
    assert "A  models/new.sql" in before


def test_packages_that_git_ignores(history: History) -> None:
    history.write(".gitignore", "dbt_packages/")
    clean = resolve(None, history.project).key
    history.write("dbt_packages/one/dbt_project.yml", "name: one")
    assert resolve(None, history.project).key == clean


def test_of_documents_the_words_count(history: History) -> None:
    history.write("dbt_project.yml", "{name: shop, profile: shop, docs-paths: [docs]}")
    before = resolve(None, history.project).key
    history.write("docs/site/index.html", "<p>")
    assert resolve(None, history.project).key == before
    history.write("docs/words.md", "{% docs order %}An order.{% enddocs %}")
    assert resolve(None, history.project).key != before


def test_a_project_in_a_subdirectory(tmp_path: Path) -> None:
    history = History(tmp_path / "repository", "shops/small")
    top = History(tmp_path / "other")
    assert resolve("main", history.project).key == resolve("main", top.project).key
    assert resolve(None, history.project).key == resolve("main", top.project).key


def test_a_hook_of_git_may_run_it(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    key = resolve("HEAD", history.project).key
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(history.root / "elsewhere"))
    assert resolve("HEAD", history.project).key == resolve(None, history.project).key == key


@pytest.mark.parametrize("name", ["nowhere", "--help", "HEAD~7", "HEAD^@", "a b", "main:models"])
def test_an_unknown_revision(history: History, name: str) -> None:
    with pytest.raises(NotFoundError, match="there is no revision") as raised:
        resolve(name, history.project)
    assert name in str(raised.value)


@pytest.mark.parametrize("name", ["", "main\x1b[31m", "main\0", "main\n"])
def test_what_is_no_name(history: History, name: str) -> None:
    with pytest.raises(NotFoundError, match="no name of a revision"):
        resolve(name, history.project)


def test_a_branch_and_a_tag_of_one_name(history: History) -> None:
    history.git("tag", "release")
    history.git("branch", "release")
    with pytest.raises(MetricsStoreError, match="more than one thing") as raised:
        resolve("release", history.project)
    assert "refs/tags/release" in raised.value.remedy
    assert resolve("refs/tags/release", history.project).commit == history.first


def test_a_shallow_clone(history: History, tmp_path: Path) -> None:
    history.write("models/new.sql", "select 1 as one")
    history.commit("second")
    clone = str(tmp_path / "clone")
    history.git("clone", "--quiet", "--depth=1", history.root.as_uri(), clone)
    with pytest.raises(NotFoundError, match="part of the history") as raised:
        resolve("HEAD~1", tmp_path / "clone")
    assert "fetch-depth: 0" in raised.value.remedy


def test_no_repository(tiny_project: Path) -> None:
    with pytest.raises(MetricsStoreError, match="in no git repository"):
        resolve("main", tiny_project)


def test_no_git(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(history.root))
    with pytest.raises(MetricsStoreError, match="git is not installed"):
        resolve("main", history.project)


def test_a_broken_project_file_says_of_which_revision(history: History) -> None:
    history.write("dbt_project.yml", "name: [")
    history.commit("broken")
    with pytest.raises(MetricsStoreError, match="not valid YAML") as raised:
        resolve("main", history.project)
    assert raised.value.where.startswith("main: dbt_project.yml")


def test_artifacts_are_a_revision_too(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "main"
    made.mkdir()
    (made / "manifest.json").write_text("{}")
    with pytest.raises(MetricsStoreError, match=r"no semantic_manifest\.json"):
        resolve(str(made), history.project)
    (made / "semantic_manifest.json").write_text("{}")
    revision = resolve(str(made / "manifest.json"), history.project)
    assert (revision.commit, revision.artifacts) == (None, made)
    (made / "manifest.json").write_text("[]")
    assert resolve(str(made), history.project).key != revision.key
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MetricsStoreError, match="both a directory"):
        resolve("main", history.project)
    assert resolve("./main", history.project).artifacts == made
