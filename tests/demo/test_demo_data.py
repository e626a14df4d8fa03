"""Demo data is the same every time, whole or not there, and inside its three years."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from demo.conftest import SEED, ignore
from metrics_store.demo.demo_data import SOURCES, generate
from metrics_store.demo.pipedrive import pipedrive_source
from metrics_store.demo.pipedrive.pipedrive_users import Team
from metrics_store.demo.salesforce.salesforce_schemas import SCHEMAS
from metrics_store.demo.seeded_random import seeded_random
from metrics_store.errors import MetricsStoreError
from oracle.reading import TABLES, Raw

FIRST_MOMENT = datetime(2022, 1, 1)
LAST_MOMENT = datetime(2024, 12, 31, 23, 59, 59)
ARROW_TYPES = {
    "bigint": "int64",
    "text": "string",
    "json": "string",
    "boolean": "bool",
    "timestamp": "timestamp[us]",
    "integer": "int32",
    "date": "date32[day]",
    "numeric(24, 6)": "decimal128(24, 6)",
    "numeric(9, 6)": "decimal128(9, 6)",
}
# Fivetran writes its own, people write descriptions, and the case study has no pipelines.
NOT_IN_THE_DEMO = {
    "active_flag",
    "deal_probability",
    "order_nr",
    "pipeline_id",
    "pipeline_name",
    "_fivetran_active",
    "_fivetran_deleted",
    "_fivetran_end",
    "_fivetran_start",
    "description",
}


def contents(directory: Path) -> dict[str, bytes]:
    files = [path for path in directory.rglob("*") if path.is_file()]
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_over_whatever_was_there(
    demo_data: Path, tmp_path: Path
) -> None:
    generate(tmp_path, 0.01, 99, ignore)
    generate(tmp_path, 1.0, SEED, ignore)
    assert contents(tmp_path) == contents(demo_data)
    assert set(contents(tmp_path)) == {
        "truth.json",
        *(f"{source}/origin.txt" for source in SOURCES),
        *(f"pipedrive/{table}.parquet" for table in TABLES),
        *(f"salesforce/{table}.parquet" for table in SCHEMAS),
        "planning/quota.parquet",
        "planning/team_membership.parquet",
    }


@pytest.mark.slow
def test_another_seed_gives_other_deals(demo_data: Path, tmp_path: Path) -> None:
    generate(tmp_path, 1.0, SEED + 1, ignore)
    ours, theirs = contents(tmp_path), contents(demo_data)
    for table in ("activity", "deal_changes", "users"):
        assert ours[f"pipedrive/{table}.parquet"] != theirs[f"pipedrive/{table}.parquet"]
    for table in set(SCHEMAS) - {"user_role"}:
        assert ours[f"salesforce/{table}.parquet"] != theirs[f"salesforce/{table}.parquet"]
    assert ours["planning/quota.parquet"] != theirs["planning/quota.parquet"]


def test_parts_have_the_rows_of_the_one_file_in_their_order(tmp_path: Path) -> None:
    generate(tmp_path / "whole", 0.02, SEED, ignore)
    # Over an earlier run's files and parts, of which there were more.
    generate(tmp_path / "parts", 0.03, SEED, ignore)
    generate(tmp_path / "parts", 0.03, SEED, ignore, rows_per_file=100)
    generate(tmp_path / "parts", 0.02, SEED, ignore, rows_per_file=150)
    truth = (tmp_path / "whole" / "truth.json").read_text(encoding="utf-8")
    assert (tmp_path / "parts" / "truth.json").read_text(encoding="utf-8") == truth
    names = [f"{source}/{table}" for source, table in _tables(truth)]
    assert len(names) > 10
    for name in names:
        assert not (tmp_path / "parts" / f"{name}.parquet").exists()
        whole = pq.read_table(tmp_path / "whole" / f"{name}.parquet")
        found = sorted((tmp_path / "parts" / name).iterdir())
        parts = [pq.read_table(path) for path in found]
        assert [path.name for path in found] == [
            f"part_{number:04}.parquet" for number in range(1, len(parts) + 1)
        ]
        assert {part.num_rows for part in parts[:-1]} <= {150}
        assert 0 < parts[-1].num_rows <= 150
        assert pa.concat_tables(parts).equals(whole)
    generate(tmp_path / "parts", 0.02, SEED, ignore)
    assert contents(tmp_path / "parts") == contents(tmp_path / "whole")


def _tables(truth: str) -> list[tuple[str, str]]:
    content = json.loads(truth)
    return [(source, table) for source in SOURCES for table in content[source]["rows"]]


def test_a_chunk_comes_out_the_same_without_the_ones_before_it(tmp_path: Path) -> None:
    pipedrive_source.generate(tmp_path, 2.0, SEED, ignore)
    deals = pipedrive_source.deal_count(2.0)
    numbers = range(pipedrive_source.DEALS_PER_CHUNK, deals)
    team = Team(2.0, SEED)
    changes, _ = pipedrive_source._chunk(numbers, deals, team, SEED, team.planted())
    written = pq.read_table(tmp_path / "deal_changes.parquet")
    written = written.slice(written.num_rows - len(changes))
    assert written["new_value"].to_pylist() == [value for _, _, _, value in changes]
    assert written["deal_id"].to_pylist() == [deal_id for deal_id, _, _, _ in changes]


def test_chunks_roll_their_own_dice() -> None:
    team = Team(4.0, SEED)

    def way(first: int) -> list[str | None]:
        changes, _ = pipedrive_source._chunk(range(first, first + 1), 8000, team, SEED, Counter())
        stages = [change for change in changes if change[2] == "stage_id"]
        return [value for _, _, _, value in sorted(stages)]

    # Begun with the same dice, the first deals of all chunks would go the same way.
    first_deals = [way(chunk * pipedrive_source.DEALS_PER_CHUNK) for chunk in range(3)]
    assert first_deals[0] != first_deals[1] or first_deals[1] != first_deals[2]


def test_dice_repeat_and_differ_by_name() -> None:
    assert seeded_random(1, "a").random() == seeded_random(1, "a").random()
    assert seeded_random(1, "a").random() != seeded_random(1, "b").random()


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("pipedrive", "_pipedrive__sources.yml"),
        ("salesforce", "_salesforce__sources.yml"),
        ("salesforce", "_salesforce__history_sources.yml"),
        ("planning", "_planning__sources.yml"),
    ],
)
def test_tables_have_the_columns_and_types_of_the_input_contract(
    demo_data: Path, source: str, file: str
) -> None:
    staging = Path(__file__).parents[2] / "models" / "staging"
    contract = yaml.safe_load((staging / source / file).read_text(encoding="utf-8"))
    assert contract["sources"][0]["tables"]
    for table in contract["sources"][0]["tables"]:
        schema = pq.read_schema(demo_data / source / f"{table['name']}.parquet")
        assert [(field.name, str(field.type)) for field in schema] == [
            (column["name"], ARROW_TYPES[column["data_type"]])
            for column in table["columns"]
            if column["name"] not in NOT_IN_THE_DEMO
        ]


def test_nothing_happens_outside_the_three_years(raw: Raw) -> None:
    moments = [row["change_time"] for row in raw["deal_changes"]]
    moments += [row["modified"] for row in raw["users"]]
    moments += [row["due_to"] for row in raw["activity"] if row["done"]]
    assert min(moments) >= FIRST_MOMENT
    assert max(moments) <= LAST_MOMENT


def test_activity_ids_never_clash_between_chunks(tmp_path: Path) -> None:
    planted = pipedrive_source.generate(tmp_path, 2.5, SEED, ignore).planted
    ids = pq.read_table(tmp_path / "activity.parquet")["activity_id"].to_pylist()
    repeated = planted["activity_ids_used_twice"] + planted["duplicate_activities"]
    assert len(ids) - len(set(ids)) == repeated


def test_a_run_that_breaks_off_leaves_the_last_data_and_no_truth(tmp_path: Path) -> None:
    generate(tmp_path, 0.05, SEED, ignore)
    before = contents(tmp_path)

    def break_off(done: int) -> None:
        raise KeyboardInterrupt(done)

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path, 0.1, SEED, break_off)
    del before["truth.json"]
    assert contents(tmp_path) == before


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_that_is_no_size_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(MetricsStoreError, match="scale"):
        generate(tmp_path / "out", scale, SEED, ignore)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["", "below", "below/deep"])
def test_a_file_in_the_way_is_refused_and_kept(tmp_path: Path, place: str) -> None:
    file = tmp_path / "out"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(MetricsStoreError, match="not a directory"):
        generate(file / place, 1.0, SEED, ignore)
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_directory_where_a_file_must_go_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "pipedrive" / "users.parquet").mkdir(parents=True)
    with pytest.raises(MetricsStoreError, match="can't be written"):
        generate(tmp_path, 0.01, SEED, ignore)
    assert not list(tmp_path.rglob("*.partial"))
