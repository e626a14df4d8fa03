"""Each export as people have it loads right, or is refused with the place and what to do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from definitions.warehouses import parse_definitions
from load.exports import EXPORTS, Messy, write_export
from load.pipedrive_cases import PIPEDRIVE_CASES
from load.salesforce_cases import SALESFORCE_CASES
from metrics_store.errors import MetricsStoreError
from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.directory_reader import read_directory
from metrics_store.load.load_options import NO_OPTIONS, LoadOptions
from metrics_store.load.mappings.mapping_file import read_mapping
from metrics_store.load.staging.staged_view import value, view_name
from metrics_store.load.staging.staging_database import open_staging
from metrics_store.project.artifacts import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source

# A column that only some exports have.
STRAY = "alias"
CASES = [*SALESFORCE_CASES, *PIPEDRIVE_CASES]
Rows = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Source]:
    """Give a function that gives a source's contract by its name."""
    manifest = read_manifest(parse_definitions(tmp_path_factory))
    return lambda name: read_source(manifest, name)


def read(source: Source, directory: Path, options: LoadOptions = NO_OPTIONS) -> Rows:
    """Give what would be loaded: the filled values of each row of each table."""
    found: Rows = {}
    with open_staging() as staging:
        for staged in read_directory(source, directory, staging, read_mapping(options, source)):
            names = [matched.column.name for matched in staged.columns]
            values = ", ".join(value(number) for number in range(len(names)))
            rows = staging.rows(f"select {values} from {view_name(staged)} order by all")
            found[staged.table.name] = [
                {
                    name: item
                    for name, item in zip(names, row, strict=True)
                    if item is not None and name != STRAY
                }
                for row in rows
            ]
    return found


@pytest.fixture(scope="module")
def clean(
    contract: Callable[[str], Source], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Rows]:
    """Give the rows of the clean exports by their CRM."""
    directory = tmp_path_factory.mktemp("clean")
    return {name: read(contract(name), write_export(name, directory / name)) for name in EXPORTS}


def _with(rows: Rows, case: Messy) -> Rows:
    changed = dict(case.differs)
    return {
        table: [
            {
                name: changed.get(item, item)
                for name, item in row.items()
                if changed.get(item, item) is not None
            }
            for row in listed
        ]
        for table, listed in rows.items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.source}: {case.name}")
def test_a_messy_export(
    case: Messy, contract: Callable[[str], Source], clean: dict[str, Rows], tmp_path: Path
) -> None:
    source = contract(case.source)
    directory = write_export(case.source, tmp_path / "export")
    case.change(directory)
    options = case.options
    if case.mapping:
        (tmp_path / "mapping.yml").write_text(case.mapping, encoding="utf-8")
        options = replace(options, mapping=tmp_path / "mapping.yml")

    if case.says:
        with pytest.raises(MetricsStoreError) as refused:
            read(source, directory, options)
        for part in case.says:
            assert part in str(refused.value)
        assert "nothing was loaded" in str(refused.value)
    else:
        assert read(source, directory, options) == _with(clean[case.source], case)


def test_the_cases_are_different() -> None:
    assert len({(case.source, case.name) for case in CASES}) == len(CASES) >= 50


SPREADSHEET = """\
Deal;Customer;Industry;Seller;Phase;Value;Chance;Expected;Opened;Done;Won
D1;Acme;Energy;Ann One;Prospecting;1.000,50;10%;5.7.2024;2.1.2024;no;no
D2;Acme;Energy;Bob Two;Signed;20.000;100%;4.3.2024;3.1.2024;yes;yes
D3;Borg;;Ann One;Prospecting;;20%;1.9.2024;4.1.2024;no;no
"""
SPREADSHEET_MAPPING = """\
dates: eu
decimal_comma: yes
tables:
  opportunity:
    files: deals.csv
    columns: {id: Deal, account_id: Customer, owner_id: Seller, name: Deal, stage_name: Phase,
              amount: Value, probability: Chance, close_date: Expected, created_date: Opened,
              is_closed: Done, is_won: Won}
    values:
      stage_name: {Signed: Closed Won}
  account:
    files: deals.csv
    distinct: yes
    columns: {id: Customer, name: Customer, industry: Industry}
  user:
    files: deals.csv
    distinct: yes
    columns: {id: Seller, name: Seller}
"""


def test_a_spreadsheet_of_deals_is_three_tables(
    contract: Callable[[str], Source], tmp_path: Path
) -> None:
    (tmp_path / "sheet").mkdir()
    (tmp_path / "sheet" / "deals.csv").write_text(SPREADSHEET, encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(SPREADSHEET_MAPPING, encoding="utf-8")
    options = LoadOptions(mapping=mapping)
    rows = read(contract("salesforce"), tmp_path / "sheet", options)
    assert rows["account"] == [
        {"id": "Acme", "name": "Acme", "industry": "Energy"},
        {"id": "Borg", "name": "Borg"},
    ]
    assert rows["user"] == [
        {"id": "Ann One", "name": "Ann One"},
        {"id": "Bob Two", "name": "Bob Two"},
    ]
    assert [
        (row["id"], row["account_id"], row["owner_id"], row["stage_name"], row.get("amount"))
        for row in rows["opportunity"]
    ] == [
        ("D1", "Acme", "Ann One", "Prospecting", Decimal("1000.5")),
        ("D2", "Acme", "Bob Two", "Closed Won", Decimal(20000)),
        ("D3", "Borg", "Ann One", "Prospecting", None),
    ]
    assert [row["probability"] for row in rows["opportunity"]] == [10, 100, 20]


def test_two_rows_of_one_id_that_differ_are_refused(
    contract: Callable[[str], Source], tmp_path: Path
) -> None:
    (tmp_path / "sheet").mkdir()
    text = SPREADSHEET.replace("D2;Acme;Energy", "D2;Acme;Mining")
    (tmp_path / "sheet" / "deals.csv").write_text(text, encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(SPREADSHEET_MAPPING, encoding="utf-8")
    with pytest.raises(MetricsStoreError) as refused:
        read(contract("salesforce"), tmp_path / "sheet", LoadOptions(mapping=mapping))
    assert "line 3, column Customer: 'Acme' stands in line 2 already" in str(refused.value)
