"""Sources without hidden rows: which ways lead to a dimension, and the SQL that says so."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest

from access import star
from metrics_store.access.authorisation.restriction import restricted
from metrics_store.access.join_paths import JoinPaths
from metrics_store.access.policies.policies import Policies
from metrics_store.access.policies.policy_file import PolicyFile
from metrics_store.access.row_filters import EVERY_ROW, NO_ROW, RowFilter, Rows, Scope, union
from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Marker, Value
from metrics_store.query.filters.sql_literals import render_value
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    Run = Callable[[str], Any]

HOSTILE = [
    "a.b.c",
    "o'clock",
    "') OR TRUE --",
    "{{ Dimension('owner__team') }}",
    "{% raw %}",
    "back\\slash\\'",
    'double "quotes"',
    "two\nlines",
    "$1 ? %s :name",
    "é 😀",
    "sma_10007_cte AS (",
]


def _manifest(
    change: Callable[[dict[str, dict[str, Any]]], None] = lambda _: None,
) -> PydanticSemanticManifest:
    models = {model["name"]: model for model in star.models()}
    change(models)
    content = json.loads(star.star_planner().manifest.json())
    content["semantic_models"] = list(models.values())
    return parse_semantic_manifest(json.dumps(content))


def _way(manifest: PydanticSemanticManifest, model: str, dimension: str) -> str:
    [found] = [one for one in manifest.semantic_models if one.name == model]
    way = JoinPaths(manifest).find(found, dimension)
    return "none" if way is None else " ".join([*way.entities, way.expression])


@pytest.mark.parametrize(
    ("model", "dimension", "way"),
    [
        ("owners", "owner__team", "upper(team)"),
        ("deals", "owner__team", "owner upper(team)"),
        ("activities", "owner__team", "deal owner upper(team)"),
        ("activities", "deal__owner__team", "deal owner upper(team)"),
        ("deals", "deal__owner__team", "owner upper(team)"),
        ("deals", "owner", "owner_id"),
        ("activities", "owner", "deal owner_id"),
        ("deals", "stage", "coalesce(stage_id, -1)"),
        ("deals", "deal__title", "title"),
        ("snapshots", "deal__title", "deal title"),
        ("accounts", "owner__team", "none"),
        ("targets", "owner__team", "none"),
        ("owners", "deal__title", "none"),
    ],
)
def test_ways(model: str, dimension: str, way: str) -> None:
    assert _way(_manifest(), model, dimension) == way


def test_two_ways_are_none() -> None:
    def accounts_have_owners(models: dict[str, dict[str, Any]]) -> None:
        owner = {"name": "owner", "type": "foreign", "expr": "owner_id"}
        account = {"name": "account", "type": "foreign", "expr": "account_id"}
        models["accounts"]["entities"].append(owner)
        models["activities"]["entities"].append(account)

    manifest = _manifest(accounts_have_owners)
    assert _way(manifest, "activities", "owner__team") == "none"
    assert _way(manifest, "activities", "deal__owner__team") == "deal owner upper(team)"
    assert _way(manifest, "deals", "owner__team") == "owner upper(team)"
    assert _way(manifest, "accounts", "owner__team") == "owner upper(team)"


def _policies(manifest: PydanticSemanticManifest, dimension: str) -> Policies:
    policy = {
        "name": "one",
        "to": "*",
        "metrics": ["*"],
        "rows": [{"dimension": dimension, "in": ["x"]}],
    }
    return Policies(PolicyFile.model_validate({"policies": [policy]}), manifest, "")


def test_what_changes_over_time_tells_no_rows() -> None:
    def memberships(models: dict[str, dict[str, Any]]) -> None:
        def bound(name: str, *, start: bool) -> dict[str, Any]:
            validity = {"is_start": start, "is_end": not start}
            kind = {"time_granularity": "day", "validity_params": validity}
            return {"name": name, "type": "time", "expr": None, "type_params": kind}

        models["owners"]["entities"] = [{"name": "owner", "type": "natural", "expr": "owner_id"}]
        models["owners"]["primary_entity"] = "membership"
        models["owners"]["dimensions"] += [bound("since", start=True), bound("until", start=False)]

    manifest = _manifest(memberships)
    with pytest.raises(MetricsStoreError, match="it changes over time in owners"):
        _policies(manifest, "owner__team")
    assert _way(manifest, "deals", "owner__team") == "none"
    assert _policies(manifest, "owner").names == ["one"]


def test_two_models_of_an_entity_are_two_ways() -> None:
    def owners_twice(models: dict[str, dict[str, Any]]) -> None:
        relation = {**models["owners"]["node_relation"], "relation_name": "star.more_owners"}
        models["more"] = {**models["owners"], "name": "more", "node_relation": relation}

    manifest = _manifest(owners_twice)
    assert _way(manifest, "deals", "owner__team") == "none"
    assert _way(manifest, "more", "owner__team") == "upper(team)"


def test_values_are_rendered_once_each_in_order() -> None:
    rows = union(
        [
            Rows(((RowFilter("owner__team", ("b", "a")), RowFilter("owner", (2, 1))),)),
            Rows(((RowFilter("owner", (3, "x")),),)),
        ]
    )
    assert rows.values == (1, 2, "a", "b", 3, "x")
    labels = itertools.count()
    given: list[Value] = []

    def render(value: Value) -> str:
        given.append(value)
        return render_value(Marker(f"row{next(labels)}"))

    scope = Scope(rows)
    sources = {
        model.name: model.node_relation.relation_name
        for model in restricted(star.star_planner().manifest, scope, render).semantic_models
    }
    assert tuple(given) == rows.values
    for name in ("deals", "activities", "owners"):
        assert sources[name] != f"star.{name}"
    assert sources["accounts"] == "star.accounts"
    assert (
        "1 = 0"
        in {
            model.name: model.node_relation.relation_name
            for model in restricted(
                star.star_planner().manifest, Scope(rows, has_metrics=False), render_value
            ).semantic_models
        }["accounts"]
    )


def test_rows() -> None:
    one, other = RowFilter("a", (1,)), RowFilter("a", (True,))
    assert one != other
    assert union([]) == NO_ROW
    assert union([NO_ROW, Rows(((one,),))]) == Rows(((one,),))
    assert union([EVERY_ROW, Rows(((one,),))]) == EVERY_ROW
    assert union([Rows(((one,),)), Rows(((one,),))]) == Rows(((one,),))


def test_definitions_are_not_changed() -> None:
    planner = star.star_planner()
    before = planner.manifest.json()
    assert restricted(planner.manifest, Scope(EVERY_ROW), render_value) is planner.manifest
    restricted(planner.manifest, Scope(NO_ROW), render_value)
    assert planner.manifest.json() == before


@pytest.fixture(params=["duckdb", "postgres"])
def warehouse(request: pytest.FixtureRequest) -> Iterator[tuple[str, Run]]:
    """Give a dialect, and a function that runs SQL and gives its rows."""
    if request.param == "duckdb":
        with duckdb.connect() as connection:
            star.make_tables(connection.execute)
            yield "duckdb", lambda sql: connection.execute(sql).fetchall()
        return
    parameters = request.getfixturevalue("postgres_server")
    with psycopg.connect(**parameters) as server:
        # One of another module of tests may still stand; this one is rolled back.
        server.execute("drop schema if exists star cascade")
        star.make_tables(server.execute)
        yield "postgres", lambda sql: server.execute(sql).fetchall()
        server.rollback()


def test_values_are_only_values(warehouse: tuple[str, Run]) -> None:
    """Each team, whatever it is called, sees its own deal and no other."""
    dialect, run = warehouse
    owners = [(key, f"owner {key}", name.upper()) for key, name in enumerate(HOSTILE)]
    deals = [(key, key, 1, 1, star.DAY, 2**key, True, "x") for key in range(len(HOSTILE))]
    for table, rows in (("owners", owners), ("deals", deals)):
        for row in rows:
            values = ", ".join(
                render_value(value) if isinstance(value, str) else star._literal(value)
                for value in row
            )
            run_without_rows(run, f"insert into star.{table} values ({values})")
    planner = star.star_planner(dialect)
    for key, _, team in owners:
        scope = Scope(Rows(((RowFilter("owner__team", (team,)),),)))
        over = planner.over(restricted(planner.manifest, scope, render_value))
        assert run(over.plan(MetricRequest(["amount"]))) == [(2**key,)]
    everyone = Scope(Rows(((RowFilter("owner__team", tuple(owner[2] for owner in owners)),),)))
    over = planner.over(restricted(planner.manifest, everyone, render_value))
    assert run(over.plan(MetricRequest(["amount"]))) == [(2 ** len(HOSTILE) - 1,)]


def run_without_rows(run: Run, sql: str) -> None:
    try:
        run(sql)
    except psycopg.ProgrammingError as error:
        # What gives no rows has been done all the same.
        assert "didn't produce" in str(error)  # noqa: PT017
