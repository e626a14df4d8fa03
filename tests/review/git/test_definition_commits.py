"""The commits of a history that differ in something that dbt reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.git.commit_log import first_parents
from metrics_store.review.git.definition_commits import definition_commits
from metrics_store.review.git.project_tree import project_tree
from metrics_store.review.git.repository import find_repository
from review.history import History

if TYPE_CHECKING:
    from pathlib import Path


def test_only_what_dbt_reads_counts(tmp_path: Path) -> None:
    # A directory with a space, as some people have them.
    history = History(tmp_path / "repository", "the shop")
    repository = find_repository(history.project)
    model = (history.project / "models" / "shop.yml").read_text()
    project = (history.project / "dbt_project.yml").read_text()
    history.write("README.md", "words")
    history.commit("words")
    history.write("models/one.sql", "select 1 as one")
    one = history.commit("a model")
    history.write("models/shop.yml", model + "\n")
    changed = history.commit("a line")
    history.write("dbt_project.yml", "- no project\n")
    broken = history.commit("broken")
    history.write("README.md", "more words")
    history.commit("still broken")
    history.write("dbt_project.yml", project)
    mended = history.commit("mended")
    history.git("rm", "-rq", "the shop/dbt_project.yml")
    gone = history.commit("gone")

    commits = first_parents(history.project)
    found = definition_commits(repository, commits)
    names = [found_one.commit.hash for found_one in found]
    assert names == [history.first, one, changed, broken, mended, gone]
    assert found[0].commit.date.isoformat() == "2026-03-04T03:06:07+00:00"
    trees = {one.commit.hash: one.tree for one in found}
    assert trees[broken] is None
    for name in (history.first, one, changed, mended, gone):
        assert trees[name] == project_tree(repository, name, name)
    assert trees[gone] is not None
    assert trees[gone].paths is None


def test_what_comes_back_is_told_each_time(tmp_path: Path) -> None:
    history = History(tmp_path / "repository")
    history.write("models/one.sql", "select 1 as one")
    history.commit("a model")
    (history.project / "models" / "one.sql").unlink()
    history.commit("as it was")
    history.write("models/.hidden/notes.txt", "words")
    history.commit("a file that dbt passes over")
    found = definition_commits(find_repository(history.project), first_parents(history.project))
    first, there, back, _ = (one.tree for one in found)
    assert first == back != there
