"""Which files of a project dbt reads."""

from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.project.project_paths import WHOLE, project_paths


def test_the_project_says_where_its_files_are() -> None:
    paths = project_paths(
        b"{profile: shop, model-paths: [a, ./b/c], docs-paths: [d], seed-paths: []}", "x"
    )
    assert paths.profile == "shop"
    assert paths.count("a/x/y.sql")
    assert paths.count("b/c/y.sql")
    assert paths.count("d/words.md")
    assert not paths.count("d/site.html")
    assert not paths.count("models/y.sql")
    assert not paths.count("seeds/y.csv")
    assert paths.count("macros/y.sql")
    assert paths.count("packages.yml")
    assert not paths.count("a.sql")


def test_a_template_may_mean_any_file() -> None:
    assert project_paths(b"model-paths: [\"{{ env_var('X') }}\"]", "x").all == (WHOLE,)


@pytest.mark.parametrize("path", ["/etc", "../shared", "models/../../x"])
def test_a_path_out_of_the_project(path: str) -> None:
    with pytest.raises(MetricsStoreError, match="outside of its own directory") as raised:
        project_paths(f"macro-paths: ['{path}']".encode(), "main: dbt_project.yml")
    assert raised.value.where == f"main: dbt_project.yml, macro-paths: {path}"


@pytest.mark.parametrize("content", [b"- a", b"words", b"", b"\xff", b"a: ["])
def test_what_is_no_project(content: bytes) -> None:
    with pytest.raises(MetricsStoreError, match="dbt project's file"):
        project_paths(content, "main")
