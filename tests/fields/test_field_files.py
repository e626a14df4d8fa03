"""Custom fields become columns, dimensions and metrics, in a project that sells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.fields.field_checks import check_fields
from metrics_store.fields.field_files import GENERATED, field_files
from metrics_store.fields.field_models import field_models
from metrics_store.fields.field_places import FieldPlaces, read_places

if TYPE_CHECKING:
    from pathlib import Path


def _field(number: int, name: str, kind: str = "text", data_type: str = "text") -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "data_type": data_type,
        "label": name.capitalize(),
        "description": "",
        "number": number,
        "columns": {"library": name},
    }


SHELF = _field(1, "shelf")
WORTH = _field(2, "worth", "amount", "numeric(24, 6)")
BOUND = _field(3, "bound_on", "date", "timestamp")


def manifest(*fields: dict[str, Any], **said: object) -> dict[str, Any]:
    """Give what counts of a manifest: a model of books' fields, and what is defined by hand."""
    meta = {"entity": "book", "key": "book_id", "fields": list(fields), **said}
    return {
        "nodes": {
            "model.dim_book_fields": {
                "name": "dim_book_fields",
                "config": {"meta": {"custom_fields": meta}},
            },
            "model.loans": {"name": "loans", "config": {}},
        },
        "semantic_models": {
            "books": {
                "name": "books",
                "entities": [{"name": "book", "type": "primary"}],
                "dimensions": [{"name": "genre"}],
                "original_file_path": "models/books.yml",
            },
            "loans": {
                "name": "loans",
                "entities": [{"name": "book", "type": "foreign"}],
                "dimensions": [{"name": "shelf"}],
                "original_file_path": "models/loans.yml",
            },
        },
        "metrics": {
            "loans": {"name": "total_loans", "original_file_path": "models/loans.yml"},
            "worth": {
                "name": "total_worth",
                "original_file_path": "models/fields/dim_book_fields.yml",
            },
        },
    }


def render(*fields: dict[str, Any], **said: object) -> dict[str, Any]:
    files = field_files(field_models(manifest(*fields, **said), FieldPlaces()))
    assert list(files) == ["dim_book_fields.yml"]
    assert files["dim_book_fields.yml"].startswith(f"# {GENERATED}\n")
    content: dict[str, Any] = yaml.safe_load(files["dim_book_fields.yml"])
    return content


def test_a_text_is_a_column_with_a_contract_and_a_dimension() -> None:
    content = render(SHELF, BOUND)
    [model], [semantic] = content["models"], content["semantic_models"]
    assert model["config"] == {"contract": {"enforced": True}}
    assert [(one["name"], one["data_type"]) for one in model["columns"]] == [
        ("book_id", "text"),
        ("shelf", "text"),
        ("bound_on", "timestamp"),
    ]
    assert model["columns"][0]["data_tests"] == ["not_null", "unique"]
    assert semantic["entities"] == [{"name": "book", "type": "primary", "expr": "book_id"}]
    assert [(one["name"], one["type"], one["label"]) for one in semantic["dimensions"]] == [
        ("shelf", "categorical", "Shelf"),
        ("bound_on", "time", "Bound_on"),
    ]
    assert "metrics" not in content


def test_an_amount_is_a_sum_and_an_average_by_the_models_time() -> None:
    content = render(SHELF, WORTH, time="bought_on", metrics={"unit": "currency"})
    [semantic] = content["semantic_models"]
    assert semantic["defaults"] == {"agg_time_dimension": "book_fields_bought_on"}
    assert [(one["name"], one["agg"], one["expr"]) for one in semantic["measures"]] == [
        ("total_worth_measure", "sum", "worth"),
        ("average_worth_measure", "average", "worth"),
    ]
    assert "worth" not in [one["name"] for one in semantic["dimensions"]]
    assert [one["name"] for one in content["metrics"]] == ["total_worth", "average_worth"]
    assert content["metrics"][0]["config"] == {"meta": {"unit": "currency"}}
    [query] = content["saved_queries"]
    assert query["query_params"]["metrics"] == ["total_worth", "average_worth"]


def test_history_is_joined_by_the_time_of_the_fact() -> None:
    content = render(SHELF, valid_from="since", valid_to="until", suffix="_then")
    [model], [semantic] = content["models"], content["semantic_models"]
    assert "data_tests" not in model["columns"][0]
    assert semantic["entities"][0]["type"] == "natural"
    dimensions = {one["name"]: one for one in semantic["dimensions"]}
    assert list(dimensions) == ["shelf_then", "since", "until"]
    assert dimensions["since"]["type_params"]["validity_params"] == {"is_start": True}
    assert dimensions["until"]["type_params"]["validity_params"] == {"is_end": True}


PROJECT = """\
name: library
vars:
  custom_fields:
    book:
      - {column: Shelf}
      - column: Genre
        type: text
"""


@pytest.mark.parametrize(
    ("field", "says", "file"),
    [
        (_field(2, "genre"), "would be genre, which is there", "models/books.yml"),
        (_field(2, "loans", "amount"), "would be total_loans, which is there", "models/loans.yml"),
    ],
)
def test_a_name_that_is_taken_is_told_with_its_line(
    field: dict[str, Any], says: str, file: str, tmp_path: Path
) -> None:
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    with pytest.raises(MetricsStoreError) as refused:
        field_models(manifest(SHELF, field), read_places(tmp_path))
    assert says in str(refused.value)
    assert f"dbt_project.yml:6; {file}" in str(refused.value)


def test_what_only_others_have_or_what_was_generated_before_is_not_taken() -> None:
    assert field_models(manifest(SHELF, WORTH), FieldPlaces())[0].fields[0].name == "shelf"


WRONG = [
    ("{name: shelf}", "a custom field names no column"),
    ("Shelf", "a custom field names no column"),
    ("{column: Shelf, kind: text}", "a custom field has no setting `kind`"),
    ("{column: Shelf, type: texts}", "has the type texts"),
    ("{column: 'a b'}", "no column can be named 'a b'"),
    ("{column: {library: a-b}}", "no column can be named 'a-b'"),
    ("{column: {}}", "a custom field names no column"),
    ("{column: Shelf, name: the shelf}", "no dimension can be named 'the shelf'"),
    ("{column: a__b}", "no dimension can be named 'a__b'"),
    ("{column: genre__c}", "two custom fields are named genre, this one and that of"),
]


@pytest.mark.parametrize(("entry", "says"), WRONG)
def test_a_line_that_is_not_right_is_told_with_file_and_line(
    entry: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "dbt_project.yml").write_text(f"{PROJECT}      - {entry}\n")
    with pytest.raises(MetricsStoreError) as refused:
        check_fields(read_places(tmp_path))
    assert says in str(refused.value)
    assert "dbt_project.yml:8" in str(refused.value)


def test_a_list_that_is_right_is_not_refused(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(
        f"{PROJECT}      - {{column: {{library: Room__c, archive: 0a1b}}, type: amount}}\n"
    )
    places = read_places(tmp_path)
    check_fields(places)
    assert places.counts == {"book": 3}
    assert places.where("book", 3) == "dbt_project.yml:8"


@pytest.mark.parametrize("text", ["", "vars: {custom_fields: 7}", "vars: {", "name: x"])
def test_a_project_without_a_list_has_no_places(text: str, tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text(text)
    assert read_places(tmp_path) == FieldPlaces()
