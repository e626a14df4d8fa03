"""The demo's Pipedrive with amounts: one kind of tables at a time, and what the truth says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from demo.conftest import ignore
from metrics_store.demo.demo_data import generate
from metrics_store.demo.pipedrive import pipedrive_schemas
from metrics_store.demo.pipedrive_api import api_schemas

if TYPE_CHECKING:
    from pathlib import Path


def test_deals_take_the_place_of_the_change_log_and_leave_salesforce_as_it_is(
    tmp_path: Path,
) -> None:
    def salesforce() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (tmp_path / "salesforce").iterdir()}

    def pipedrive() -> set[str]:
        return {path.stem for path in (tmp_path / "pipedrive").glob("*.parquet")}

    generate(tmp_path, 0.05, 7, ignore)
    before = salesforce()
    truth = generate(tmp_path, 0.05, 7, ignore, with_deals=True)["pipedrive"]
    assert salesforce() == before
    assert pipedrive() == set(api_schemas.SCHEMAS)
    deals = pq.read_table(tmp_path / "pipedrive" / "deals.parquet").to_pylist()
    for name, count in (
        ("deals", len(deals)),
        ("deleted_deals", sum(deal["deleted"] for deal in deals)),
        ("won_deals", sum(deal["status"] == "won" for deal in deals)),
        ("lost_deals", sum(deal["status"] == "lost" for deal in deals)),
        ("deals_without_value", sum(deal["value"] is None for deal in deals)),
    ):
        assert truth.planted[name] == count > 0
    flow = pq.read_table(tmp_path / "pipedrive" / "dealflow.parquet").to_pylist()
    logged = {change["item_id"] for change in flow}
    assert truth.planted["deals_without_log"] == len({deal["id"] for deal in deals} - logged)
    generate(tmp_path, 0.05, 7, ignore)
    assert pipedrive() == set(pipedrive_schemas.SCHEMAS)
