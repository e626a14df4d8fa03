"""The load rules come out of dbt's manifest, for any source of any project."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.load.contracts.contract import Bounds, Column, Fit, KnownValues
from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.contracts.data_types import DataType, parse_data_type
from metrics_store.project.artifacts import parse_project, read_manifest
from metrics_store.project.profile import load_target

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = """
  - name: library
    schema: "raw_{{ var('which') }}"
    config: {enabled: "{{ var('library_enabled') }}"}
    tables:
      - name: book
        identifier: BookTable
        columns:
          - {name: id, data_type: bigint, data_tests: [not_null, unique]}
          - name: title
            data_tests:
              - not_null: {config: {severity: warn}}
              - unique: {config: {where: "id > 3"}}
              - accepted_values: {arguments: {values: [x]}, config: {enabled: false}}
          - name: genre
            data_type: text
            data_tests: [accepted_values: {arguments: {values: [novel, 7]}}]
          - {name: note, data_type: "numeric(5,1)", config: {meta: {load: {optional: true}}}}
          - {name: stars, data_type: integer, config: {meta: {load: {minimum: 0, maximum: 10.5}}}}
          - name: city
            config: {meta: {load: {known_in: {seed: cities, column: name}}}}
          - name: value
            data_type: text
            config: {meta: {load: {fits: [{when: {genre: novel}, data_type: date}]}}}
      - name: branch
        config: {meta: {load: {optional: true, may_be_empty: true}}}
"""
ARCHIVE = """
  - name: archive
    tables: [{name: box}]
"""
# What cannot be right: what stands in the contract, what takes its place, and what is said of it.
WRONG = {
    "unknown type": ("data_type: bigint", "data_type: money", ("'money'", "table book, column id")),
    "misspelt setting": (
        "optional: true}}}",
        "optionl: true}}}",
        ("setting that does not exist", "column note"),
    ),
    "unknown column in a rule": (
        "genre: novel}",
        "colour: novel}",
        ("the column colour", "column value"),
    ),
    "rule without a type": ("data_type: date", "type: date", ("not complete", "column value")),
    "bound that is none": ("minimum: 0", "minimum: none", ("no number", "column stars")),
    "bound of a text": ("stars, data_type: integer", "stars", ("column that is no number",)),
    "unknown seed": ("seed: cities", "seed: towns", ("the seed towns", "column city")),
    "unknown column of a seed": (
        "column: name",
        "column: town",
        ("the column town", "column city"),
    ),
    "half a list": ("seed: cities, ", "", ("not complete", "column city")),
    "rule at a date": (
        "value\n            data_type: text",
        "value\n            data_type: date",
        ("not text",),
    ),
}


def write_project(directory: Path, *, sources: str) -> Path:
    """Write a dbt project that has sources and nothing else."""
    (directory / "models").mkdir(parents=True)
    (directory / "seeds").mkdir()
    (directory / "seeds" / "cities.csv").write_text("country,name\nIT,Rome\nFR,Paris\n")
    project = {
        "name": "reading_room",
        "version": "1.0",
        "profile": "reading_room",
        "vars": {"library_enabled": True, "which": "library"},
        "flags": {"send_anonymous_usage_stats": False},
    }
    output = {"type": "duckdb", "path": "library.duckdb"}
    profile = {"reading_room": {"target": "here", "outputs": {"here": output}}}
    (directory / "dbt_project.yml").write_text(yaml.safe_dump(project))
    (directory / "profiles.yml").write_text(yaml.safe_dump(profile))
    (directory / "models" / "sources.yml").write_text(sources)
    return directory


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Give the manifest of a project with the library, switched on and off, and wrong ones."""
    sources = ["sources:", LIBRARY, ARCHIVE]
    off = LIBRARY.replace("name: library", "name: closed_library")
    sources.append(off.replace("var('library_enabled')", "not var('library_enabled')"))
    for name, (old, new, _) in WRONG.items():
        assert old in LIBRARY
        wrong = LIBRARY.replace("name: library", f"name: {name.replace(' ', '_')}")
        sources.append(wrong.replace(old, new, 1))
    directory = tmp_path_factory.mktemp("contracts") / "project"
    write_project(directory, sources="".join(sources))
    return read_manifest(parse_project(load_target(directory)))


@pytest.mark.parametrize("name", ["library", "closed_library"])
def test_the_contract_is_read_whether_the_source_is_on_or_off(
    name: str, manifest: dict[str, Any]
) -> None:
    is_on = any(node["source_name"] == name for node in manifest["sources"].values())
    assert is_on == (name == "library")
    source = read_source(manifest, name)
    tables = {table.name: table for table in source.tables}
    text = DataType("text")
    assert tables["book"].columns == (
        Column("id", DataType("bigint"), not_null=True, unique=True),
        Column("title", text),
        Column("genre", text, accepted_values=("novel", "7")),
        Column("note", DataType("numeric", 5, 1), optional=True),
        Column("stars", DataType("integer"), bounds=Bounds(Decimal(0), Decimal("10.5"))),
        Column("city", text, known=KnownValues(("Rome", "Paris"), "seeds/cities.csv")),
        Column("value", text, fits=(Fit((("genre", "novel"),), DataType("date")),)),
    )
    book, branch = tables["book"], tables["branch"]
    assert (book.schema, book.identifier) == ("raw_library", "BookTable")
    assert (book.optional, book.may_be_empty) == (False, False)
    assert (branch.optional, branch.may_be_empty) == (True, True)


def test_an_unknown_source_is_answered_with_those_there_are(manifest: dict[str, Any]) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        read_source(manifest, "shop")
    assert "no source named shop" in str(refused.value)
    assert "one of archive, bound_of_a_text, bound_that_is_none, closed_" in str(refused.value)


@pytest.mark.parametrize("name", WRONG)
def test_a_contract_that_cannot_be_right_is_refused(name: str, manifest: dict[str, Any]) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        read_source(manifest, name.replace(" ", "_"))
    for part in ("models/sources.yml", *WRONG[name][2]):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("text", "duckdb", "postgres"),
    [
        ("TEXT", "varchar", "text"),
        ("bigint", "bigint", "bigint"),
        ("int", "integer", "integer"),
        ("numeric(18, 2)", "decimal(18,2)", "numeric(18,2)"),
        ("numeric", "decimal(38,9)", "numeric(38,9)"),
        ("decimal(5)", "decimal(5,0)", "numeric(5,0)"),
        ("double precision", "double", "double precision"),
        ("timestamp", "timestamp", "timestamp without time zone"),
        ("json", "json", "json"),
    ],
)
def test_types_in_both_warehouses_words(text: str, duckdb: str, postgres: str) -> None:
    data_type = parse_data_type(text)
    assert (data_type.duckdb, data_type.postgres) == (duckdb, postgres)


@pytest.mark.parametrize("text", ["", "uuid", "text(5)", "numeric(40,2)", "numeric(2,3)", "int)"])
def test_types_that_not_both_warehouses_know_are_refused(text: str) -> None:
    with pytest.raises(MetricsStoreError, match="cannot be loaded"):
        parse_data_type(text)
