"""Custom fields by one line each: as they are, as they were, and as amounts; and gone again."""

from __future__ import annotations

import shutil
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
KEY = "0123456789abcdef0123456789abcdef01234567"
NONE = "  custom_fields: {}\n"
LIST = f"""\
  custom_fields:
    opportunity:
      - {{column: Region__c, label: Region, description: Sales region.}}
      - {{column: ARR__c, type: amount, label: ARR}}
      - {{column: IsStrategic__c, type: boolean}}
      - {{column: {KEY}, name: product_family}}
      - {{column: Nowhere__c}}
    account: [{{column: Tier__c}}]
    owner: [{{column: Office__c, label: Office}}]
"""
MODELS = (
    "+dim_opportunity_fields +dim_opportunity_field_history +dim_account_fields +dim_owner_fields "
    "+fct_opportunities +fct_opportunity_snapshots +dim_accounts +dim_owners +time_spine_daily"
)


def _edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _exports(directory: Path) -> dict[str, Path]:
    """Write both exports with fields of their own, and the history of one of them."""
    directory.mkdir()
    salesforce = write_export("salesforce", directory / "salesforce")
    pipedrive = write_export("pipedrive", directory / "pipedrive")
    _edit(
        salesforce / "Opportunity.csv",
        ("Region__c", "CurrencyIsoCode,Region__c,ARR__c,IsStrategic__c"),
        ("000Z,North", "000Z,EUR,North,100,true"),
        ("15:30:00.000Z,", "15:30:00.000Z,,,50.5,"),
        (",South", ",,South,,false"),
    )
    _edit(
        salesforce / "Account.csv",
        ("CreatedDate\n", "CreatedDate,Tier__c\n"),
        ("05.000Z\n", "05.000Z,Gold\n"),
        ("09.000Z\n", "09.000Z,\n"),
    )
    _edit(
        salesforce / "User.csv",
        ("UserRoleId\n", "UserRoleId,Office__c,Motto__c\n"),
        ("00E000000000001AAA\n", "00E000000000001AAA,Rome,upward\n"),
        ("false,\n", "false,,Paris,onward\n"),
    )
    # East to North is not recorded; the second change of a day is the one that counts.
    (salesforce / "OpportunityFieldHistory.csv").write_text("""\
Id,OpportunityId,Field,OldValue,NewValue,CreatedDate
017000000000001AAA,006000000000001AAA,Region__c,West,Middle,2024-02-10T10:00:00.000Z
017000000000002AAA,006000000000001AAA,Region__c,Middle,East,2024-02-10T11:00:00.000Z
""")
    _edit(
        salesforce / "Opportunity.csv",
        ("CreatedDate,CurrencyIsoCode", "CreatedDate,LastModifiedDate,CurrencyIsoCode"),
        ("10:00:00.000Z,EUR", "10:00:00.000Z,2024-04-02T00:00:00.000Z,EUR"),
        ("15:30:00.000Z,,", "15:30:00.000Z,,,"),
        ("00:00:00.000Z,,South", "00:00:00.000Z,,,South"),
    )
    _edit(
        pipedrive / "deal_changes.csv",
        (
            "100,2024-03-01",
            f"100,2024-01-20 08:00:00,{KEY},5\n100,2024-02-20 08:00:00,{KEY},6\n100,2024-03-01",
        ),
    )
    with (pipedrive / "fields.csv").open("a", encoding="utf-8") as file:
        labels = '[{""id"": 5, ""label"": ""Pumps""}, {""id"": 6, ""label"": ""Valves""}]'
        file.write(f'2,{KEY},Product family,"{labels}"\n')
    return {"salesforce": salesforce, "pipedrive": pipedrive}


@pytest.fixture(scope="module")
def org(
    parsed: Path, postgres_server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BuiltProject]:
    directory = tmp_path_factory.mktemp("custom_fields")
    sources = _exports(directory / "exports")
    built = BuiltProject(copy_definitions(directory / "org"), postgres_variables(postgres_server))
    _edit(built.project / "dbt_project.yml", (NONE, LIST))
    written = built.run("metrics", "fields")
    assert written.count("wrote models/fields/") == 4
    assert "up to date" in built.run("metrics", "fields", "--check")
    for target in sorted(TARGETS.values(), reverse=True):
        built.load(parsed, sources, target)
        said = built.run(
            "metrics", "build", "--target", target, "--vars", "{source_dt: '2024-06-30'}",
            "--select", MODELS, "--exclude", "resource_type:test",
        )  # fmt: skip
        assert "has no column Nowhere__c, which var custom_fields names" in " ".join(said.split())
    for engine in TARGETS:
        built.open(engine)
    with closing(built):
        yield built


@BOTH
def test_as_it_is_today(org: BuiltProject, engine: str) -> None:
    amounts = org.answer(engine, "open_pipeline", "opportunity__region")
    assert amounts[("North",)] == pytest.approx(Decimal("1234.5") * Decimal("1.08"))
    assert org.answer(engine, "won_revenue", "opportunity__is_strategic") == {
        (True,): 0, (False,): 0, (None,): 20000,
    }  # fmt: skip
    assert org.answer(engine, "won_revenue", "account__tier", "owner__office")[None, "Paris"] == (
        20000
    )


@BOTH
def test_as_it_was_at_the_end_of_each_day(org: BuiltProject, engine: str) -> None:
    by_day = org.answer(
        engine, "open_opportunity_snapshot", "opportunity__region_at_the_time", "metric_time__day"
    )
    regions = {
        day.date().isoformat() if isinstance(day, datetime) else day.isoformat(): region
        for (region, day), count in by_day.items()
        if count and region not in (None, "South")
    }
    changes = [
        (day, region)
        for (day, region), before in zip(
            sorted(regions.items()), [None, *[one for _, one in sorted(regions.items())]],
            strict=False,
        )
        if region != before
    ]  # fmt: skip
    assert changes == [("2024-01-02", "West"), ("2024-02-10", "East"), ("2024-04-02", "North")]


@BOTH
def test_amounts_are_summed_and_averaged_in_the_corporate_currency(
    org: BuiltProject, engine: str
) -> None:
    assert org.answer(engine, "total_arr") == {(): pytest.approx(Decimal("158.5"))}
    assert org.answer(engine, "average_arr")[()] == pytest.approx(79.25)


@BOTH
def test_options_of_pipedrive_have_their_labels(org: BuiltProject, engine: str) -> None:
    rows = org.stores[engine].read(
        "select product_family_at_the_time, valid_from, valid_to "
        f"from {'dev_marts' if engine == 'postgres' else 'marts'}.dim_opportunity_field_history "
        "where opportunity_id like 'pipedrive:%' order by valid_from"
    )
    assert [
        (name, str(start)[:10], str(end)[:10] if end else None)
        for name, start, end in (row.values() for row in rows.to_pylist())
    ] == [
        (None, "2024-01-05", "2024-01-20"),
        ("Pumps", "2024-01-20", "2024-02-20"),
        ("Valves", "2024-02-20", None),
    ]


def test_suggestions_are_columns_that_nothing_knows(org: BuiltProject) -> None:
    said = org.run("metrics", "fields", "suggest")
    assert "raw_salesforce.user.motto__c: text, 100% filled, 2 values: onward, upward" in said
    assert said.endswith("custom_fields:\n  owner:\n    - {column: motto__c, type: text}\n")


def test_removed_again_nothing_breaks(org: BuiltProject, tmp_path: Path) -> None:
    # The other tests need the fields.
    shutil.copytree(
        org.project, tmp_path / "org", symlinks=True, ignore=shutil.ignore_patterns("logs")
    )
    org = BuiltProject(tmp_path / "org", org.environment)
    path = org.project / "dbt_project.yml"
    _edit(path, ("    owner: [{column: Office__c, label: Office}]\n", ""))
    said = org.run("metrics", "fields").splitlines()
    assert said == [
        "removed models/fields/dim_owner_fields.yml",
        "3 models of custom fields, up to date",
    ]
    before = path.read_text(encoding="utf-8")
    start = before.index("  custom_fields:\n")
    end = before.index("  #   opportunity:", start)
    path.write_text(before[:start] + NONE + before[end:], encoding="utf-8")
    assert org.run("metrics", "fields").count("removed models/fields/") == 3
    assert list((org.project / "models" / "fields").glob("*.yml")) == []
    assert "0 models of custom fields" in org.run("metrics", "fields", "--check")
    org.run("dbt", "parse")
