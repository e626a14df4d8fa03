"""A mapping file names files, columns and values; what it gets wrong is told with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from load.library import LIBRARY
from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_options import Formats, LoadOptions
from metrics_store.load.mappings.mapping_file import read_mapping

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """\
encoding: latin-1
tables:
  book:
    files: [Books*.csv, "*.tsv"]
    dates: us
    footer: yes
    columns:
      id: Number
      title: Name of the book
    values:
      genre: {Roman: novel, "1": poem}
  branch:
    columns: {id: Branch}
    distinct: true
    decimal_comma: no
"""


def read(tmp_path: Path, text: str, formats: Formats = Formats()):  # type: ignore[no-untyped-def]  # noqa: ANN201, B008
    path = tmp_path / "mapping.yml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(LoadOptions(formats, mapping=path), LIBRARY)


def test_what_it_says(tmp_path: Path) -> None:
    mapping = read(tmp_path, MAPPING, Formats(decimal_comma=True))
    book = mapping.of("book")
    assert book.files == ("Books*.csv", "*.tsv")
    assert book.columns == {"id": "Number", "title": "Name of the book"}
    assert book.values == {"genre": {"Roman": "novel", "1": "poem"}}
    assert (book.has_footer, book.is_distinct) == (True, False)
    assert book.formats == Formats("latin-1", "us", decimal_comma=True)
    assert mapping.of("branch").formats == Formats("latin-1")
    assert mapping.of("branch").is_distinct
    assert mapping.of("loan_event").formats == Formats("latin-1", decimal_comma=True)
    assert mapping.of("loan_event").files == ()


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_it_may_say_nothing(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text, Formats(dates="eu")).of("book").formats == Formats(dates="eu")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("tables: [book]", 1, "tables is no mapping"),
        ("tables:\n  boks: {}", 2, "the source library has no table boks"),
        ("table:\n  book: {}", 2, "the mapping file has no setting `table`"),
        ("dates: usa", 1, "dates is 'usa'"),
        ("encoding: ebcdic", 1, "the encoding is 'ebcdic'"),
        ("tables:\n  book:\n    footer: perhaps", 3, "footer is 'perhaps'"),
        ("tables:\n  book:\n    column: {id: x}", 3, "the table book has no setting `column`"),
        ("tables:\n  book:\n    columns: {id: x, id: y}", 3, "`id` stands twice"),
        ("tables:\n  book:\n    columns: {Number: id}", 3, "no column can be named 'Number'"),
        ("tables:\n  book:\n    columns: {id: [x]}", 3, "columns: id is no text"),
        ("tables:\n  book:\n    values: {genre: x}", 3, "values of genre is no mapping"),
        ("tables:\n  book:\n    distinct: yes", 3, "the table book is distinct in no column"),
        ("tables: {", 1, "the mapping file is not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    text: str, line: int, says: str, tmp_path: Path
) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        read(tmp_path, text)
    assert says in str(refused.value)
    assert f"mapping.yml:{line}" in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MetricsStoreError, match="the mapping file cannot be read"):
        read_mapping(LoadOptions(mapping=tmp_path / "none.yml"), LIBRARY)
