import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from metrics_store.review.relations import Relation, project_relations


def node(name: str, sql: str, *above: str, **more: object) -> dict[str, Any]:
    config = {"materialized": "view", **more.pop("config", {})}
    kind = more.get("resource_type", "model")
    return {
        "unique_id": f"{kind}.shop.{name}",
        "name": name,
        "resource_type": kind,
        "language": "sql",
        "relation_name": f'"db"."main"."{name}"',
        "raw_code": sql,
        "compiled_code": sql,
        "config": config,
        "depends_on": {"nodes": list(above), "macros": []},
        "columns": {},
        **more,
    }


SOURCE = {
    "resource_type": "source",
    "source_name": "raw",
    "name": "orders",
    "identifier": "orders",
    "relation_name": '"db"."raw"."orders"',
}


def relations(
    *nodes: dict[str, Any], variables: Mapping[str, object] | None = None, **more: object
) -> dict[str, Relation]:
    manifest = {
        "nodes": {each["unique_id"]: each for each in nodes},
        "sources": {"source.shop.raw.orders": more.pop("source", SOURCE)},
        "macros": more.pop("macros", {}),
    }
    return project_relations(manifest, "duckdb", variables=variables)


STAGED = node("staged", 'select id, amount from "db"."raw"."orders"', "source.shop.raw.orders")
TOTALS = node(
    "totals", 'select sum(amount) as total from "db"."main"."staged"', "model.shop.staged"
)


def test_models_are_read_down_to_the_sources_in_any_order() -> None:
    found = relations(TOTALS, STAGED)
    assert set(found) == {"model.shop.staged", "model.shop.totals", "source.shop.raw.orders"}
    inline = node("totals", 'select sum(s.amount) as total from "db"."raw"."orders" as s')
    assert relations(inline)["model.shop.totals"] == found["model.shop.totals"]


def test_a_model_or_database_of_another_name_means_the_same() -> None:
    renamed = {**STAGED, "unique_id": "model.shop.s2", "relation_name": '"other"."x"."s2"'}
    above = node("totals", 'select sum(amount) as total from "other"."x"."s2"', "model.shop.s2")
    moved = {**SOURCE, "relation_name": '"other"."y"."orders"'}
    renamed["compiled_code"] = 'select id, amount from "other"."y"."orders"'
    found = relations(renamed, above, source=moved)
    assert found["model.shop.totals"] == relations(STAGED, TOTALS)["model.shop.totals"]


def test_a_change_upstream_reaches_what_is_made_of_it() -> None:
    before = relations(STAGED, TOTALS)["model.shop.totals"]
    changed = {
        **STAGED,
        "compiled_code": 'select id, amount * 2 as amount from "db"."raw"."orders"',
    }
    assert relations(changed, TOTALS)["model.shop.totals"].column("total") != before.column("total")
    unused = {**STAGED, "compiled_code": 'select id + 1 as id, amount from "db"."raw"."orders"'}
    assert relations(unused, TOTALS)["model.shop.totals"] == before


def test_a_model_that_is_not_compiled_counts_with_its_template_and_all_above() -> None:
    def of(raw: str, staged: dict[str, Any] = STAGED) -> str:
        model = node("m", raw, "model.shop.staged", compiled_code=None)
        return relations(staged, model)["model.shop.m"].whole

    before = of("select {{ x }} from {{ ref('staged') }}")
    assert of('SELECT {{x}} -- c\nfrom {# d #} {{ ref( "staged" ) }}') == before
    assert of("select {{ y }} from {{ ref('staged') }}") != before
    changed = {**STAGED, "compiled_code": 'select id from "db"."raw"."orders"'}
    assert of("select {{ x }} from {{ ref('staged') }}", changed) != before


def incremental(
    raw: str, variables: Mapping[str, object] | None = None, **config: object
) -> Relation:
    macro = {
        "package_name": "shop",
        "name": "window",
        "macro_sql": config.pop("macro", "{% macro window() %} day > 1 {% endmacro %}"),
        "depends_on": {"macros": []},
    }
    model = node(
        "m",
        raw,
        config={"materialized": "incremental", **config},
        compiled_code='select id, day from "db"."raw"."orders"',
    )
    macros = {"macro.shop.window": macro}
    return relations(model, macros=macros, variables=variables)["model.shop.m"]


RAW = "select id, day {more} from x {{% if is_incremental() %}} where {test} {{% endif %}}"


def test_a_variable_of_an_incremental_run_belongs_to_the_rows() -> None:
    raw = RAW.format(more="{{ var('other') }}", test="day > {{ var('days') }}")

    def rows(**variables: object) -> str:
        return incremental(raw, variables=variables).rows

    assert rows(days=3) != rows(days=4)
    assert rows(shop={"days": 3}) != rows(shop={"days": 4})
    assert rows(days=3, other=1) == rows(days=3, other=2)


def test_the_branch_of_an_incremental_run_belongs_to_the_rows() -> None:
    before = incremental(RAW.format(more="", test="{{ window() }}"))
    assert incremental(RAW.format(more=", 1 as more", test="{{ window() }}")) == before
    assert incremental(RAW.format(more="", test="{{window()}} -- c")) == before
    for other in (
        incremental(RAW.format(more="", test="{{ window() }} and id > 1")),
        incremental(RAW.format(more="", test="{{ window() }}"), unique_key="id"),
        incremental(RAW.format(more="", test="{{ window() }}"), macro="day > 2"),
    ):
        assert other.rows != before.rows
        assert other.columns == before.columns


def test_hooks_belong_to_the_rows() -> None:
    plain = relations(STAGED)["model.shop.staged"]
    config = {"materialized": "table", "post-hook": [{"sql": "delete from {{ this }}"}]}
    hooked = relations({**STAGED, "config": config})["model.shop.staged"]
    assert (hooked.rows != plain.rows, hooked.columns == plain.columns) == (True, True)


def test_a_contract_casts_to_its_precision() -> None:
    def of(kind: str) -> Relation:
        config = {"materialized": "table", "contract": {"enforced": True}}
        columns = {"amount": {"data_type": kind}}
        return relations({**STAGED, "config": config, "columns": columns})["model.shop.staged"]

    assert of("numeric(9, 2)") == of("DECIMAL(9,2)")
    assert of("numeric(9, 2)").column("amount") != of("numeric(9, 3)").column("amount")
    assert of("numeric(9, 2)").column("id") == of("numeric(9, 3)").column("id")


def seed(folder: Path, text: str, **config: object) -> Relation:
    (folder / "stages.csv").write_text(text)
    found = node(
        "stages",
        "",
        resource_type="seed",
        config=config,
        root_path=str(folder),
        original_file_path="stages.csv",
        checksum={"name": "sha256", "checksum": checksum_of(text)},
    )
    return relations(found)["seed.shop.stages"]


def checksum_of(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()


def test_a_seed_is_read_from_the_project_where_that_is_given(tmp_path: Path) -> None:
    text = "stage,step\na,1\nb,2\n"
    where_dbt_saw_it = seed(tmp_path, text)
    found = node(
        "stages",
        "",
        resource_type="seed",
        root_path="/gone",
        original_file_path="stages.csv",
        checksum={"name": "sha256", "checksum": checksum_of(text)},
    )
    manifest = {"nodes": {found["unique_id"]: found}, "sources": {}, "macros": {}}

    def read(files: Path | None, *, by_content: bool = True) -> Relation:
        read = project_relations(manifest, "duckdb", files, by_content=by_content)
        return read[found["unique_id"]]

    assert read(tmp_path) == where_dbt_saw_it
    # Told by its checksum, it is the same with and without the file.
    assert read(tmp_path, by_content=False) == read(None) == read(None, by_content=False)
    assert read(None) != where_dbt_saw_it
    (tmp_path / "stages.csv").write_text("stage,step\na,1\nb,3\n")
    assert read(tmp_path) == read(None), "a file that dbt did not see tells nothing"


def test_the_columns_of_a_seed_may_stand_in_any_order(tmp_path: Path) -> None:
    before = seed(tmp_path, "stage,step,label\na,10,first\nb,20,next\nc,30,next\n")
    moved = seed(tmp_path, "label,step,stage\nnext,30,c\nfirst,10,a\nnext,20,b\n")
    assert (moved.rows, moved.whole) == (before.rows, before.whole)
    swapped = seed(tmp_path, "stage,step,label\na,10,next\nb,20,first\nc,30,next\n")
    assert swapped.column("step") == before.column("step")
    assert swapped.column("label") != before.column("label")
    # Two columns together tell these lines apart.
    keyless = seed(tmp_path, "day,shop,sold\n1,a,5\n1,b,5\n2,a,5\n")
    assert keyless.whole == seed(tmp_path, "sold,shop,day\n5,a,2\n5,a,1\n5,b,1\n").whole
    assert keyless.column("sold") != seed(tmp_path, "day,shop,sold\n1,a,5\n1,b,5\n2,a,6\n").column(
        "sold"
    )


def test_a_source_is_the_table_that_the_project_names() -> None:
    def read(**more: object) -> Relation:
        source = {**SOURCE, "unrendered_schema": "raw", "unrendered_database": None, **more}
        return relations(source=source)["source.shop.raw.orders"]

    assert read() == read(source_name="crm", name="all_orders")
    assert read() == read(relation_name='"other"."elsewhere"."orders"')
    assert read() != read(identifier="orders_of_2024")
    assert read() != read(unrendered_schema="raw_new")
    assert read() == read(unrendered_schema=None), "dbt takes the name of the source"


def test_a_seed_is_read_column_by_column(tmp_path: Path) -> None:
    before = seed(tmp_path, "stage,step\na,1\nb,2\n")
    sorted_otherwise = seed(tmp_path, "Stage,step\r\nb,2\r\na,1\r\n")
    assert sorted_otherwise.columns == before.columns
    assert sorted_otherwise.whole == before.whole
    added = seed(tmp_path, "stage,step,label\na,1,x\nb,2,y\n")
    assert added.rows == before.rows
    assert added.column("step") == before.column("step")
    edited = seed(tmp_path, "stage,step\na,1\nb,3\n")
    assert edited.column("stage") == before.column("stage")
    assert edited.column("step") != before.column("step")
    assert seed(tmp_path, "stage,step\na,1\n").rows != before.rows
    typed = seed(tmp_path, "stage,step\na,1\nb,2\n", column_types={"step": "text"})
    assert typed.column("step") != before.column("step")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("strategy", "check"),
        ("unique_key", "day"),
        ("updated_at", "id"),
        ("hard_deletes", "ignore"),
    ],
)
def test_how_a_snapshot_tells_versions_apart_belongs_to_its_rows(setting: str, value: str) -> None:
    config = {
        "materialized": "snapshot",
        "strategy": "timestamp",
        "unique_key": "id",
        "updated_at": "day",
        "hard_deletes": "invalidate",
    }

    def of(**more: str) -> Relation:
        sql = 'select id, day from "db"."raw"."orders"'
        found = node("s", sql, resource_type="snapshot", config={**config, **more})
        return relations(found)["snapshot.shop.s"]

    assert of().rows != of(**{setting: value}).rows
    assert of().column("dbt_valid_from") != of(**{setting: value}).column("dbt_valid_from")


def test_a_python_model_is_its_code_and_all_above() -> None:
    def of(code: str) -> str:
        found = node("p", code, "model.shop.staged", language="python")
        return relations(STAGED, found)["model.shop.p"].whole

    assert of("def model(dbt, s):\n    return 1\n") == of(
        "def model(dbt, s):  # c\n\n    return 1\n"
    )
    assert of("def model(dbt, s):\n    return 1\n") != of("def model(dbt, s):\n    return 2\n")
