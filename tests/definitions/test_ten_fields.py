"""Ten custom fields of each CRM by ten lines, the first users among them."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from definitions.warehouses import BuiltProject, copy_definitions, postgres_variables
from load.exports import write_export
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("custom_fields")]
BOTH = pytest.mark.parametrize("engine", list(TARGETS))

KEYS = [f"{number:040x}" for number in range(10)]
SALESFORCE_LINES = """\
      - {column: Loss_Reason__c, name: lost_reason}
      - {column: RecordTypeId, name: record_type, values: {012000000000001AAA: New Business}}
      - {column: Region__c}
      - {column: ProductFamily__c}
      - {column: ARR__c, type: amount, label: ARR}
      - {column: Seats__c, type: number}
      - {column: IsStrategic__c, type: boolean}
      - {column: Renewal__c, type: date}
      - {column: Competitor__c, label: Main competitor}
      - {column: Segment_2__c, name: market}
"""
PIPEDRIVE_LINES = "".join(
    f"      - {{column: '{key}', name: deal_{number}, type: {kind}}}\n"
    for number, (key, kind) in enumerate(
        zip(KEYS, ["text"] * 6 + ["number", "boolean", "date", "amount"], strict=True)
    )
)
# Of each field the values of the three opportunities, as the export has them.
VALUES = {
    "Loss_Reason__c": ["", "", "Price"],
    "RecordTypeId": ["012000000000001AAA", "012000000000002AAA", ""],
    "Region__c": ["North", "", "South"],
    "ProductFamily__c": ["Pumps", "Valves", "Pumps"],
    "ARR__c": ["100", "50.5", ""],
    "Seats__c": ["12", "", "7.5"],
    "IsStrategic__c": ["true", "false", ""],
    "Renewal__c": ["2025-01-31", "", "2024-12-01"],
    "Competitor__c": ["O'Neill", "", 'Müller "X"'],
    "Segment_2__c": ["", "A", "B"],
}
DEAL_VALUES = ["East", "1", "x y", "Ω", "", "z", "2.5", "yes", "2024-05-06", "99"]


def _exports(directory: Path) -> dict[str, Path]:
    directory.mkdir()
    exports = {name: write_export(name, directory / name) for name in ("salesforce", "pipedrive")}
    path = exports["salesforce"] / "Opportunity.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row.update({name: values[number] for name, values in VALUES.items()})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with (exports["pipedrive"] / "deal_changes.csv").open("a", encoding="utf-8") as file:
        for key, value in zip(KEYS, DEAL_VALUES, strict=True):
            file.write(f"100,2024-01-06 08:00:00,{key},{value}\n")
    return exports


@pytest.fixture(scope="module")
def ten(
    parsed: Path, postgres_server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp("ten_fields")
    sources = _exports(directory / "exports")
    built = BuiltProject(copy_definitions(directory / "org"), postgres_variables(postgres_server))
    path = built.project / "dbt_project.yml"
    text = path.read_text(encoding="utf-8")
    lines = f"  custom_fields:\n    opportunity:\n{SALESFORCE_LINES}{PIPEDRIVE_LINES}"
    assert "  custom_fields: {}\n" in text
    path.write_text(text.replace("  custom_fields: {}\n", lines), encoding="utf-8")
    built.run("metrics", "fields")
    for target in sorted(TARGETS.values(), reverse=True):
        built.load(parsed, sources, target)
        built.run(
            "metrics", "build", "--target", target, "--vars", "{source_dt: '2024-06-30'}",
            "--select", "+dim_opportunity_fields +fct_opportunities +time_spine_daily",
            "--exclude", "resource_type:test",
        )  # fmt: skip
    for engine in TARGETS:
        built.open(engine)
    with closing(built):
        yield built


def _rows(built: BuiltProject, engine: str, sql: str) -> list[tuple[Any, ...]]:
    schema = "dev_marts" if engine == "postgres" else "marts"
    table = built.stores[engine].read(sql.format(marts=schema))
    return [tuple(row.values()) for row in table.to_pylist()]


@BOTH
def test_ten_lines_are_ten_fields_of_salesforce(ten: BuiltProject, engine: str) -> None:
    rows = _rows(
        ten,
        engine,
        "select record_type, region, product_family, arr, seats, is_strategic, renewal, competitor,"
        " market from {marts}.dim_opportunity_fields where opportunity_id like 'salesforce%'"
        " order by opportunity_id",
    )
    euros = Decimal("108.000000")
    assert rows[0] == (
        "New Business", "North", "Pumps", rows[0][3], 12, True, datetime(2025, 1, 31), "O'Neill",
        None,
    )  # fmt: skip
    assert rows[0][3] in (100, euros)
    assert rows[1] == (
        "012000000000002AAA", None, "Valves", Decimal("50.5"), None, False, None, None, "A",
    )  # fmt: skip
    assert rows[2] == (
        None, "South", "Pumps", None, Decimal("7.5"), None, datetime(2024, 12, 1), 'Müller "X"',
        "B",
    )  # fmt: skip


@BOTH
def test_ten_lines_are_ten_fields_of_pipedrive(ten: BuiltProject, engine: str) -> None:
    columns = ", ".join(f"deal_{number}" for number in range(10))
    [row] = _rows(
        ten,
        engine,
        f"select {columns} from {{marts}}.dim_opportunity_fields"
        " where opportunity_id like 'pipedrive%'",
    )
    assert row == (
        "East", "1", "x y", "Ω", None, "z", Decimal("2.5"), True, datetime(2024, 5, 6), 99,
    )  # fmt: skip


@BOTH
def test_a_lost_reason_is_the_one_that_the_marts_have(ten: BuiltProject, engine: str) -> None:
    assert ten.answer(engine, "lost_count", "opportunity__lost_reason")["Price",] == 1
    assert ten.answer(engine, "opportunity_count", "opportunity__record_type")["New Business",] == 1


def test_suggestions_are_fields_of_pipedrive_too(ten: BuiltProject) -> None:
    org = BuiltProject(ten.project, ten.environment)
    path = org.project / "dbt_project.yml"
    kept = path.read_text(encoding="utf-8")
    try:
        path.write_text(kept.replace(PIPEDRIVE_LINES, ""), encoding="utf-8")
        said = org.run("metrics", "fields", "suggest").splitlines()
    finally:
        path.write_text(kept, encoding="utf-8")
    table = "raw_pipedrive.deal_changes"
    assert f"{table}.{KEYS[0]}: text, 100% filled, 1 value: East" in said
    assert f"{table}.{KEYS[6]}: number, 100% filled, 1 value: 2.5" in said
    assert f"{table}.{KEYS[4]}: text, 0% filled, 0 values" in said
    assert f"    - {{column: {KEYS[9]}, type: number}}" in said
