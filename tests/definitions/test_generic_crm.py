"""Any CRM by the generic contract: the data of a Salesforce give the same marts and metrics."""

from __future__ import annotations

import csv
import re
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from definitions.test_other_org import VARIABLES as OTHER_VARIABLES
from definitions.test_other_org import tables_of_other_org
from definitions.warehouses import ROOT, BuiltProject, copy_definitions, postgres_variables
from metrics_store.load.contracts.contract_reader import read_source
from metrics_store.load.load_options import LoadOptions
from metrics_store.load.loader import load_directory
from metrics_store.project.artifacts import read_manifest
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("generic")]
BOTH = pytest.mark.parametrize("engine", list(TARGETS))

# The generic contract's name of each column: Salesforce's.
MAPPING = """\
tables:
  opportunity:
    columns: {stage: stage_name, currency: currency_iso_code, created_at: created_date,
      modified_at: last_modified_date, lost_reason: Loss_Reason__c}
    values: {status: {"true true": won, "true false": lost, "false false": open}}
  opportunity_history:
    columns: {stage: stage_name, currency: currency_iso_code, changed_at: created_date}
  account:
    columns: {city: billing_city, state: billing_state, country: billing_country,
      created_at: created_date}
  owner:
    files: user.csv
    columns: {modified_at: last_modified_date}
"""
# Marts, and what of their columns tells the CRMs apart, or counts over both.
MARTS = {
    "fct_opportunities": (),
    "fct_opportunity_history": (),
    "fct_opportunity_snapshots": (),
    "fct_pipeline_movements": (),
    "fct_stage_entries": (),
    "fct_stage_outcomes": (),
    "fct_close_date_changes": (),
    "fct_due_opportunities": (),
    "fct_funnel_events": (),
    "fct_won_to_date": (),
    "dim_accounts": (),
    "dim_owners": ("owner_label",),
    "dim_stages": (),
}
METRICS = (
    "open_pipeline",
    "weighted_pipeline",
    "won_revenue",
    "won_count",
    "lost_count",
    "win_rate",
    "sales_cycle_days",
    "pushed_count",
    "overdue_pipeline",
)
STAMPS = ("raw_changed_at",)


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _exports(directory: Path) -> tuple[Path, Path, Path]:
    """Write the same org as Salesforce exports it, and as any CRM does, with its mapping."""
    directory.mkdir()
    salesforce, generic = directory / "salesforce", directory / "generic"
    salesforce.mkdir()
    generic.mkdir()
    tables = tables_of_other_org()
    for person in tables["user"]:
        person["name"] = f"{person['first_name']} {person['last_name']}"
    for name, rows in tables.items():
        _write(salesforce / f"{name}.csv", rows)
    roles = {row["id"]: row["name"] for row in tables["user_role"]}
    for person in tables["user"]:
        person["team"] = roles[person["user_role_id"]]
    for record in tables["opportunity"]:
        record["status"] = f"{record['is_closed']} {record['is_won']}"
        # A Salesforce id of fifteen characters is one of eighteen; elsewhere ids are as they are.
        record["account_id"] = str(record["account_id"]).ljust(18)[:15] + "AAY"
        record["owner_id"] = str(record["owner_id"])[:15] + "AAY"
    for record in tables["account"]:
        record["id"] = str(record["id"])[:15] + "AAY"
        record["owner_id"] = str(record["owner_id"])[:15] + "AAY"
    for name in ("opportunity", "opportunity_history", "account", "user"):
        _write(generic / f"{name}.csv", tables[name])
    mapping = directory / "mapping.yml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return salesforce, generic, mapping


@pytest.fixture(scope="module")
def both_crms(
    parsed: Path, postgres_server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp("generic")
    salesforce, generic, mapping = _exports(directory / "exports")
    built = BuiltProject(copy_definitions(directory / "org"), postgres_variables(postgres_server))
    source = read_source(read_manifest(parsed), "generic")
    for engine in sorted(TARGETS, reverse=True):
        target = TARGETS[engine]
        built.load(parsed, {"salesforce": salesforce}, target)
        load_directory(source, generic, built.target(target), LoadOptions(mapping=mapping))
        built.run(
            "metrics", "build", "--target", target, "--vars", OTHER_VARIABLES,
            "--select", " ".join(f"+{mart}" for mart in (*MARTS, "time_spine_daily")),
            "--exclude", "resource_type:test",
        )  # fmt: skip
    for engine in TARGETS:
        built.open(engine)
    with closing(built):
        yield built


def _crm_of(row: dict[str, Any]) -> str:
    return str(row.get("crm_source") or row["opportunity_id"].partition(":")[0])


def _of(crm: str, rows: list[dict[str, Any]], without: tuple[str, ...]) -> list[tuple[Any, ...]]:
    def plain(value: object) -> object:
        return re.sub(f"\\b{crm}(?=:|$)", "crm", value) if isinstance(value, str) else value

    return sorted(
        (
            tuple(
                plain(value)
                for name, value in sorted(row.items())
                if name not in (*without, *STAMPS)
            )
            for row in rows
        ),
        key=repr,
    )


@BOTH
@pytest.mark.parametrize("mart", MARTS)
def test_the_same_data_give_the_same_mart(both_crms: BuiltProject, engine: str, mart: str) -> None:
    schema = "dev_marts" if engine == "postgres" else "marts"
    rows = both_crms.stores[engine].read(f"select * from {schema}.{mart}").to_pylist()
    crms = {
        crm: _of(crm, [row for row in rows if _crm_of(row) == crm], MARTS[mart])
        for crm in ("salesforce", "generic")
    }
    assert crms["salesforce"]
    assert crms["generic"] == crms["salesforce"]


@BOTH
@pytest.mark.parametrize("metric", METRICS)
def test_the_same_data_give_the_same_metric(
    both_crms: BuiltProject, engine: str, metric: str
) -> None:
    found = both_crms.answer(engine, metric, "opportunity__crm_source")
    assert found["generic",] is not None
    assert found["generic",] == found["salesforce",]


DEALS = re.compile(r"```csv\n(.*?)```", re.DOTALL)
EXAMPLE = re.compile(r"```yaml\n(# metrics load generic.*?)```", re.DOTALL)


def test_the_spreadsheet_of_the_docs_works(
    parsed: Path, tmp_path: Path, postgres_server: dict[str, Any]
) -> None:
    text = (ROOT / "docs" / "your_data.md").read_text(encoding="utf-8")
    text = text[text.index("## Any CRM, or a spreadsheet") :]
    sheet = tmp_path / "sheet"
    sheet.mkdir()
    names = ("deals.csv", "stages.csv")
    for name, content in zip(names, DEALS.findall(text), strict=False):
        (sheet / name).write_text(content, encoding="utf-8")
    mapping = tmp_path / "mapping.yml"
    found = EXAMPLE.search(text)
    assert found
    mapping.write_text(found[1], encoding="utf-8")
    built = BuiltProject(copy_definitions(tmp_path / "org"), postgres_variables(postgres_server))
    source = read_source(read_manifest(parsed), "generic")
    load_directory(source, sheet, built.target("duckdb"), LoadOptions(mapping=mapping))
    built.run(
        "metrics", "build", "--target", "duckdb", "--vars", "{source_dt: '2024-06-30'}",
        "--select", "+fct_opportunities +dim_accounts +dim_owners +time_spine_daily",
        "--exclude", "resource_type:test",
    )  # fmt: skip
    built.open("duckdb")
    with closing(built):
        assert built.answer("duckdb", "open_pipeline", "owner__owner_name") == {
            ("Ana Ruiz",): 45000, ("Ben Oh",): 8000,
        }  # fmt: skip
        assert built.answer("duckdb", "won_revenue", "account__industry")["Energy",] == 20000
        assert built.answer("duckdb", "weighted_pipeline")[()] == 45000 * 0.6 + 8000 * 0.1
        won = built.answer("duckdb", "won_revenue", "metric_time__month")
        assert {key[0]: value for key, value in won.items() if value} == {
            datetime(2024, 3, 1): 20000
        }
