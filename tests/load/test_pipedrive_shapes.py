"""Pipedrive's records as its API and its CSV export write them, and what is missing then."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from load.test_messy_exports import contract, read
from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_options import LoadOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from metrics_store.load.contracts.contract import Source

__all__ = ["contract"]

API = {
    "deals.csv": (
        "id,title,value,currency,status,stage_id,user_id,org_id,expected_close_date,add_time\n"
        '1,Pump,1234.5,EUR,open,11,"{""id"": 7, ""value"": 7}",3,2024-07-05,2024-01-02 10:00:00\n'
    ),
    "dealflow.csv": (
        "id,item_id,field_key,old_value,new_value,log_time\n"
        "5,1,value,1000,1234.5,2024-02-01 10:00:00\n"
    ),
    "stages.csv": "id,name,pipeline_id,deal_probability\n11,Lead In,1,20\n",
}
EXPORT = {
    "Deals.csv": (
        "Deal - ID;Deal - Title;Deal - Value;Deal - Currency of Value;Deal - Status;Deal - Stage;"
        "Deal - Pipeline;Deal - Owner;Deal - Deal created\n"
        "1;Pump;1234,5;EUR;Won;Lead In;Sales;Ann One;02.01.2024 10:00\n"
    )
}
MAPPING = """\
dates: eu
decimal_comma: yes
tables:
  deals:
    columns:
      id: Deal - ID
      title: Deal - Title
      value: Deal - Value
      currency: Deal - Currency of Value
      status: Deal - Status
      stage_name: Deal - Stage
      pipeline_name: Deal - Pipeline
      owner_name: Deal - Owner
      add_time: Deal - Deal created
"""


def _written(directory: Path, files: Mapping[str, str]) -> Path:
    directory.mkdir()
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def test_the_api_s_tables_need_no_change_log_of_the_other_kind(
    contract: Callable[[str], Source], tmp_path: Path
) -> None:
    rows = read(contract("pipedrive"), _written(tmp_path / "api", API))
    assert rows["stages"] == [
        {
            "stage_id": 11,
            "stage_name": "Lead In",
            "pipeline_id": "1",
            "deal_probability": Decimal(20),
        }
    ]
    assert rows["deal_changes"] == []
    assert rows["dealflow"] == [
        {
            "id": 5,
            "item_id": 1,
            "field_key": "value",
            "old_value": "1000",
            "new_value": "1234.5",
            "log_time": datetime(2024, 2, 1, 10),
        }
    ]
    assert rows["deals"][0]["user_id"] == '{"id": 7, "value": 7}'
    assert rows["deals"][0]["value"] == Decimal("1234.5")


def test_the_csv_export_has_names_in_the_place_of_ids(
    contract: Callable[[str], Source], tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(MAPPING, encoding="utf-8")
    directory = _written(tmp_path / "export", EXPORT)
    rows = read(contract("pipedrive"), directory, LoadOptions(mapping=mapping))
    assert rows["deals"] == [
        {
            "id": 1,
            "title": "Pump",
            "value": Decimal("1234.5"),
            "currency": "EUR",
            "status": "Won",
            "stage_name": "Lead In",
            "pipeline_name": "Sales",
            "owner_name": "Ann One",
            "add_time": datetime(2024, 1, 2, 10),
        }
    ]
    assert rows["stages"] == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"stages.csv": API["stages.csv"]}, "deal_changes: the file of the table deal_changes"),
        ({"dealflow.csv": API["dealflow.csv"]}, "stages: the file of the table stages"),
        (
            {**API, "dealflow.csv": API["dealflow.csv"].replace("1000", "about 1000")},
            "dealflow.csv, line 2, column old_value: 'about 1000' does not fit",
        ),
        (
            {**API, "deals.csv": API["deals.csv"].replace("EUR", "eur")},
            "deals.csv, line 2, column currency: 'eur'",
        ),
    ],
)
def test_what_cannot_be_loaded_is_named(
    files: Mapping[str, str], said: str, contract: Callable[[str], Source], tmp_path: Path
) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        read(contract("pipedrive"), _written(tmp_path / "api", files))
    assert said in str(refused.value)
