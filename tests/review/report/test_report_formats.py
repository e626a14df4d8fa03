"""The report in every form, also where a project's texts are hostile."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from metrics_store.review.changes.project_review import review
from metrics_store.review.definitions.definition import Definition, Kind, value_field
from metrics_store.review.definitions.descriptive_fields import descriptive_fields
from metrics_store.review.projects.project_definitions import ProjectDefinitions
from metrics_store.review.report.page_templates import as_markdown
from metrics_store.review.report.report_document import document
from metrics_store.review.report.report_formats import render, write_report
from metrics_store.review.report.terminal_report import as_terminal
from metrics_store.review.revisions.revision import Revision

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<script>alert(1)</script> | `code` [red]x[/red] [here](https://example.com) **bold** ```"


def definition(name: str, expression: str, words: str) -> Definition:
    meta = {"owner": words}
    fields = [
        value_field("measure.expression", expression),
        *descriptive_fields({"description": words, "config": {"meta": meta}}),
    ]
    return Definition(
        Kind.METRIC,
        name,
        {one.name: one for one in fields},
        meta=dict(meta),
        label=name,
        file=words,
    )


def of(old: str, new: str, metrics: int = 1) -> dict[str, Any]:
    def project(text: str) -> ProjectDefinitions:
        made = [definition(f"metric_{one}", f"{text}{one or ''}", text) for one in range(metrics)]
        return ProjectDefinitions({one.identity: one for one in made})

    sides = (Revision(HOSTILE, None, "a", None), Revision("the working tree", None, "b", None))
    return document(review(project(old), project(new), "duckdb"), *sides)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_texts_are_texts_on_the_page() -> None:
    page = Page(render(of("amount", HOSTILE), "html"))
    assert "script" not in page.tags
    assert HOSTILE in " ".join(page.text.split())
    assert {"html", "main", "table", "title"} <= set(page.tags)


def test_hostile_texts_are_texts_in_a_comment() -> None:
    text = render(of("amount", HOSTILE), "markdown")
    outside = [line for line in text.splitlines() if not line.startswith("|")]
    assert not any("<script" in line.replace("\\<", "") for line in outside)
    assert not any("[here](" in line for line in outside)
    [row] = [line for line in text.splitlines() if line.startswith("| `measure.expression`")]
    # Three cells: a bar in a text closes none.
    assert row.replace("\\|", "").count("|") == 4


def test_hostile_texts_are_texts_in_a_terminal() -> None:
    assert "[red]x[/red]" in as_terminal(of("amount", HOSTILE), 200)


def test_a_terminal_gets_colours_only_where_it_wants_them() -> None:
    assert "\x1b[" not in as_terminal(of("a", "b"), colour=False)
    assert "\x1b[" in as_terminal(of("a", "b"), colour=True)


def test_json_is_the_document() -> None:
    found = json.loads(render(of("a", "b"), "json"))
    assert found == of("a", "b")
    assert (found["format"], found["tier"], found["counts"]) == (1, "major", {"major": 1})


@pytest.mark.parametrize("metrics", [1, 150, 3000])
def test_a_comment_is_never_longer_than_a_comment_may_be(metrics: int) -> None:
    text = as_markdown(of("a", "b " * 40, metrics))
    assert len(text) < 65_536
    assert text.startswith("<!-- metrics-review -->")
    assert ("longer than a comment may be" in text) == (metrics > 1)


def test_nothing_changed_is_said() -> None:
    for form in ("terminal", "markdown", "html"):
        assert "Nothing changed; 1 metric always gives the same as before." in render(
            of("amount", "amount"), form
        )


def test_the_words_of_a_change_are_its_fields() -> None:
    [change] = of("amount", "amount * 2")["changes"]
    fields = {one["name"]: (one["old"], one["new"], one["tier"]) for one in change["fields"]}
    assert fields == {
        "measure.expression": ("amount", "amount * 2", "major"),
        "description": ("amount", "amount * 2", "patch"),
        "config.meta.owner": ("amount", "amount * 2", "patch"),
    }


@pytest.mark.parametrize("name", ["review.md", "review.json", "review.HTML"])
def test_a_report_is_written_in_the_form_of_its_name(name: str, tmp_path: Path) -> None:
    write_report(of("a", "b"), tmp_path / name)
    assert "metric_0" in (tmp_path / name).read_text()
