"""Seeds as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from oracle.pipeline import Quota, Stage
from oracle.pipeline.seeds import read_quotas, read_rates, read_stage_map

if TYPE_CHECKING:
    from pathlib import Path


def test_salesforce_stages_only(tmp_path: Path) -> None:
    seed = tmp_path / "stage_map.csv"
    seed.write_text(
        "crm_source,stage_name,stage_order,stage_category,funnel_step,default_probability\n"
        "pipedrive,Closing,6,open,6,\n"
        "salesforce,Prospecting,1,open,1,0.1\n"
        "salesforce,Parked,,open,,\n"
    )
    assert read_stage_map(seed) == {
        "Prospecting": Stage("Prospecting", 1, "open", "1", Decimal("0.1")),
        "Parked": Stage("Parked", None, "open", None, None),
    }


def test_rates_and_quotas(tmp_path: Path) -> None:
    rates, quotas = tmp_path / "rates.csv", tmp_path / "quotas.csv"
    rates.write_text("currency,rate_to_corporate\nEUR,1.08\n")
    quotas.write_text("owner_id,month,quota\n005A,2024-01-01,26000\n")
    assert read_rates(rates) == {"EUR": Decimal("1.08")}
    assert read_quotas(quotas) == [Quota("005A", date(2024, 1, 1), Decimal(26000))]
