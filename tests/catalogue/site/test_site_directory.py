"""A site is put in place whole, and only where nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metrics_store.catalogue.site.description_html import first_sentence, prose
from metrics_store.catalogue.site.page_addresses import page, slug
from metrics_store.catalogue.site.site_directory import MARK, write_site
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path


def _files(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): path.read_text()
        for path in directory.rglob("*")
        if path.is_file() and path.name != MARK
    }


def test_an_older_site_goes_whole(tmp_path: Path) -> None:
    site = tmp_path / "far" / "site"
    write_site(site, {"index.html": "old", "metrics/gone.html": "old"})
    write_site(site, {"index.html": "new"})
    assert _files(site) == {"index.html": "new"}
    assert [one.name for one in site.parent.iterdir()] == ["site"]


def test_an_older_site_stays_where_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_site(site, {"index.html": "old"})
    # One file where another's directory would be: no disk can hold both.
    with pytest.raises(MetricsStoreError, match="cannot be written"):
        write_site(site, {"index.html": "new", "metrics": "file", "metrics/one.html": "new"})
    assert _files(site) == {"index.html": "old"}
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(MetricsStoreError, match="did not write"):
        write_site(tmp_path, {"index.html": "new"})
    with pytest.raises(MetricsStoreError, match="cannot be written there"):
        write_site(tmp_path / "letter.txt", {"index.html": "new"})
    assert _files(tmp_path) == {"letter.txt": "mine"}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "A", "ä", "", ".", "con.html?#", "x" * 300, "<b>", "a b"]
)
def test_names_become_safe_files(name: str) -> None:
    file = slug(name)
    assert file.replace("-", "").replace("_", "").isascii()
    assert file.replace("-", "").replace("_", "").isalnum()
    assert file == file.lower()
    assert len(file) < 120
    assert page("policy", name) == f"policies/{file}.html"


def test_names_that_look_alike_get_files_of_their_own() -> None:
    names = ["a", "A", "a b", "a-b", "a/b", "ä", "b", ""]
    assert len({slug(name) for name in names}) == len(names)
    assert slug("revenue_7_days") == "revenue_7_days"


def test_descriptions_are_rendered_without_what_could_do_harm() -> None:
    assert prose("a **b** `c` <i>d</i>") == (
        "<p>a <strong>b</strong> <code>c</code> &lt;i&gt;d&lt;/i&gt;</p>\n"
    )
    assert "<a" not in prose("[x](javascript:alert(1)) [y](other.md) [z](//evil.example)")
    assert "<img" not in prose("![x](https://evil.example/p.png)")
    assert 'href="https://example.com"' in prose("[x](https://example.com)")
    assert "<h1" not in prose("# Heading")


def test_first_sentences() -> None:
    assert first_sentence("One.  Two.") == "One."
    assert first_sentence("Version 1.2 of it") == "Version 1.2 of it"
    assert len(first_sentence("word " * 100)) <= 160
