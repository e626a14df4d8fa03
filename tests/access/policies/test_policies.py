"""Who may ask what, of which rows: policies by callers by requests."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest

from access.star import star_planner
from metrics_store.access.authorisation.authorisation import authorise
from metrics_store.access.authorisation.visible_definitions import VisibleDefinitions
from metrics_store.access.policies.policies import Policies
from metrics_store.access.policies.policy_file import PolicyFile
from metrics_store.access.principal import Principal
from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.definitions import definitions_of
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Hashable

    from metrics_store.access.policies.grant import Grant
    from metrics_store.access.row_filters import Rows
    from metrics_store.query.planner import Planner

TEAM = {"dimension": "owner__team", "in": "caller.teams"}
POLICIES: list[dict[str, Any]] = [
    {
        "name": "all totals",
        "to": "*",
        "metrics": ["amount", "win_rate"],
        "dimensions": ["account__industry"],
    },
    {
        "name": "own deals",
        "to": {"groups": ["reps"]},
        "metrics": ["*"],
        "dimensions": ["*"],
        "except_dimensions": ["account__account_name"],
        "except_metrics": ["median_*"],
        "rows": [TEAM],
    },
    {
        "name": "own and named",
        "to": {"groups": ["leads"], "users": ["eve"]},
        "metrics": ["*amount*"],
        "dimensions": ["owner*"],
        "rows": [{"dimension": "owner", "in": [7, 8]}, TEAM],
    },
    {
        "name": "the desk",
        "to": {"groups": ["desk"]},
        "metrics": ["deals", "activities_done", "target"],
        "dimensions": ["*"],
    },
    {
        "name": "by name",
        "to": {"groups": ["named"]},
        "metrics": ["deals"],
        "dimensions": ["owner__owner_name"],
        "rows": [{"dimension": "owner__owner_name", "equals": "caller.name"}],
    },
    {
        "name": "from afar",
        "to": {"groups": ["far"]},
        "metrics": ["open_amount"],
        "dimensions": ["deal__owner__team"],
    },
]
CALLERS = {
    "guest": Principal("guest"),
    "rep": Principal("rep", frozenset({"reps"}), {"teams": ("EMEA", "APAC")}),
    "new rep": Principal("new rep", frozenset({"reps"})),
    "blank rep": Principal("blank rep", frozenset({"reps"}), {"teams": ("", "\0")}),
    "eve": Principal("eve", frozenset(), {"teams": ("EMEA",)}),
    "rep and lead": Principal("x", frozenset({"reps", "leads"}), {"teams": ("EMEA",)}),
    "rep at the desk": Principal("y", frozenset({"reps", "desk"}), {"teams": ("EMEA",)}),
    "desk": Principal("z", frozenset({"desk"})),
    "far": Principal("f", frozenset({"far"})),
    "ana": Principal("ana", frozenset({"named"})),
}
UNKNOWN = "there is no such metric"
NOTHING = "has nothing by this name"
TOGETHER = "no policy shows these together"
DIFFERENT = "policies with different rows"
UNTOLD = "whose rows cannot be told"
MONTH = "metric_time__month"


@functools.cache
def _planner() -> Planner:
    return star_planner()


@functools.cache
def _policies() -> Policies:
    content = PolicyFile.model_validate({"policies": POLICIES})
    return Policies(content, _planner().manifest, "")


def _grant(caller: str) -> Grant:
    return _policies().grant_for(CALLERS[caller])


def _asks(
    *metrics: str,
    by: list[str] | None = None,
    where: str = "",
    order_by: list[str] | None = None,
    saved_query: str | None = None,
) -> MetricRequest:
    return MetricRequest(
        metrics,
        by or [],
        order_by or [],
        where=parse_filter(where) if where else None,
        saved_query=saved_query,
    )


@pytest.mark.parametrize(
    ("caller", "request_", "expected"),
    [
        ("guest", _asks("amount", by=[MONTH]), "all rows"),
        ("guest", _asks("win_rate"), "all rows"),
        ("guest", _asks("won_deals"), UNKNOWN),
        ("guest", _asks("deals"), UNKNOWN),
        ("guest", _asks("amount", "no_such_metric"), UNKNOWN),
        ("guest", _asks("amount", by=["account__industry", MONTH]), "all rows"),
        ("guest", _asks("amount", by=["owner__team"]), NOTHING),
        ("guest", _asks("amount", by=["owner"]), NOTHING),
        ("guest", _asks("amount", where="owner__team = 'EMEA'"), NOTHING),
        ("guest", _asks("amount", where="not (account__industry is null or owner = 1)"), NOTHING),
        ("guest", _asks("amount", where="account__industry = 'x'"), "all rows"),
        ("guest", _asks("amount", where="{{ Metric('deals', ['account']) }} > 1"), UNKNOWN),
        ("guest", _asks("amount", where="{{ Metric('win_rate', ['account']) }} > 1"), NOTHING),
        ("guest", _asks("amount", order_by=["deals"]), "ordered only by what is asked"),
        ("guest", _asks(by=["account__industry"]), "all rows"),
        ("guest", _asks(by=["owner__team"]), NOTHING),
        ("guest", _asks(saved_query="amount_by_team"), "no such saved query"),
        ("rep", _asks("deals"), "owner__team in APAC, EMEA"),
        ("rep", _asks("Deals"), UNKNOWN),
        ("rep", _asks("amount"), "all rows"),
        ("rep", _asks("amount", by=["owner__team"]), "owner__team in APAC, EMEA"),
        ("rep", _asks("amount", by=["OWNER__TEAM"]), "owner__team in APAC, EMEA"),
        ("rep", _asks("amount", where="owner__team = 'x'"), "owner__team in APAC, EMEA"),
        ("rep", _asks("amount", by=["account__account_name"]), NOTHING),
        ("rep", _asks("activities_done", by=["deal__account__account_name"]), NOTHING),
        ("rep", _asks("activities_done", by=["deal__account__industry"]), "owner__team in"),
        ("rep", _asks("median_amount"), UNKNOWN),
        ("rep", _asks("amount", "deals"), DIFFERENT),
        ("rep", _asks("amount", "deals", by=["owner"]), "owner__team in APAC, EMEA"),
        ("rep", _asks("deals", where="{{ Metric('amount', ['account']) }} > 1"), "owner__team"),
        ("rep", _asks("deals", where="{{ Metric('median_amount', ['account']) }} > 1"), UNKNOWN),
        ("rep", _asks("target"), UNTOLD),
        ("rep", _asks("amount_to_target", by=[MONTH]), UNTOLD),
        ("rep", _asks("deals", where="{{ Metric('target', ['account']) }} > 1"), UNKNOWN),
        ("rep", _asks(by=["owner__team"]), "owner__team in APAC, EMEA"),
        ("rep", _asks(by=["deal__title", "owner__team"]), "owner__team in APAC, EMEA"),
        ("rep", _asks(by=["account__industry"]), "all rows"),
        ("rep", _asks(by=["account"]), "cannot be told apart"),
        ("rep", _asks(by=["stage__stage_name", "owner"]), "cannot be told apart"),
        ("rep", _asks(saved_query="amount_by_team"), "owner__team in APAC, EMEA"),
        ("rep", _asks(saved_query="busy"), "owner__team in APAC, EMEA"),
        ("rep", _asks(saved_query="named"), "no such saved query"),
        ("rep", _asks(saved_query="attainment"), "no such saved query"),
        ("rep", _asks(saved_query="energy", where="owner = 1"), "owner__team in"),
        ("rep", _asks(saved_query="energy", where="account__account_name = 'a'"), NOTHING),
        ("new rep", _asks("deals"), "no rows"),
        ("new rep", _asks("amount"), "all rows"),
        ("new rep", _asks("target"), UNTOLD),
        ("blank rep", _asks("deals"), "no rows"),
        ("eve", _asks("open_amount"), "owner in 7, 8 and owner__team in EMEA"),
        ("eve", _asks("open_amount", by=["account__industry"]), NOTHING),
        ("eve", _asks("amount", by=["account__industry", "owner"]), TOGETHER),
        ("eve", _asks("amount", where="owner = 1 and account__industry = 'a'"), TOGETHER),
        (
            "rep and lead",
            _asks("open_amount"),
            "owner in 7, 8 and owner__team in EMEA or owner__team in EMEA",
        ),
        ("rep and lead", _asks("deals"), "owner__team in EMEA"),
        ("rep at the desk", _asks("deals", by=["owner"]), "all rows"),
        ("rep at the desk", _asks("deals", "activities_done"), "all rows"),
        ("rep at the desk", _asks("deals", "largest"), DIFFERENT),
        ("rep at the desk", _asks("target"), "all rows"),
        (
            "rep at the desk",
            _asks("deals", where="{{ Metric('largest', ['account']) }} > 1"),
            DIFFERENT,
        ),
        (
            "rep at the desk",
            _asks(by=["deal__title"], where="{{ Metric('largest', ['account']) }} > 1"),
            DIFFERENT,
        ),
        ("rep at the desk", _asks("amount_to_target", by=[MONTH]), UNTOLD),
        ("desk", _asks("deals", by=["account__account_name"]), "all rows"),
        ("desk", _asks("won_deals"), UNKNOWN),
        ("desk", _asks(saved_query="named"), "all rows"),
        ("desk", _asks(saved_query="energy"), "all rows"),
        ("ana", _asks("deals"), "owner__owner_name in ana"),
        ("ana", _asks(by=["owner__owner_name"]), "owner__owner_name in ana"),
    ],
)
def test_who_may_ask_what(caller: str, request_: MetricRequest, expected: str) -> None:
    try:
        got = str(authorise(request_, _grant(caller), _planner()).rows)
    except MetricsStoreError as error:
        got = error.what
    assert expected in got


def test_without_policies_everybody_sees_all() -> None:
    assert authorise(_asks("target"), None, _planner()).is_everything


@pytest.mark.parametrize("policies", [[], POLICIES[1:]])
def test_who_has_no_policy_sees_nothing(policies: list[Any]) -> None:
    content = PolicyFile.model_validate({"policies": policies})
    grant = Policies(content, _planner().manifest, "").grant_for(CALLERS["guest"])
    seen = VisibleDefinitions(_planner(), grant)
    assert seen.public_metrics == []
    assert seen.all_kinds().keys() <= {"metric_time"}
    for request in (_asks("amount"), _asks(by=["owner"]), _asks(by=["metric_time"])):
        with pytest.raises(MetricsStoreError):
            authorise(request, grant, _planner())


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [
        (_asks("deals"), _asks("dealz")),
        (_asks("amount", by=["owner__team"]), _asks("amount", by=["owner__tean"])),
        (_asks("amount", by=["owner"]), _asks("amount", by=["ownar"])),
        (_asks("amount", where="owner__team = 'x'"), _asks("amount", where="owner__tean = 'x'")),
        (
            _asks("amount", where="{{ Metric('deals', ['account']) }} > 1"),
            _asks("amount", where="{{ Metric('dealz', ['account']) }} > 1"),
        ),
        (_asks(saved_query="busy"), _asks(saved_query="bosy")),
        (_asks(by=["owner__team"]), _asks(by=["owner__tean"])),
        (_asks("amount", order_by=["-deals"]), _asks("amount", order_by=["-dealz"])),
    ],
)
def test_what_is_hidden_looks_like_what_does_not_exist(
    hidden: MetricRequest, missing: MetricRequest
) -> None:
    said = []
    for request in (hidden, missing):
        with pytest.raises(MetricsStoreError) as refused:
            authorise(request, _grant("guest"), _planner())
        error = refused.value
        said.append((type(error), error.what, error.expected, error.remedy))
    assert said[0] == said[1]
    proposed = f"{said[0]}"
    assert not any(word in proposed for word in ("owner", "deals", "busy", "team"))


@pytest.mark.parametrize("by", ["group", "filter", "order"])
def test_a_short_name_never_stands_for_what_is_beyond_a_hidden_one(by: str) -> None:
    # The snapshots' own owner is hidden; that of their deal is not.
    assert {"owner__team", "deal__owner__team"} <= _planner().kinds("open_amount").keys()
    request = {
        "group": _asks("open_amount", by=["owner__team"]),
        "filter": _asks("open_amount", where="owner__team = 'EMEA'"),
        "order": _asks("open_amount", by=["deal__owner__team"], order_by=["owner__team"]),
    }[by]
    with pytest.raises(MetricsStoreError, match=NOTHING if by != "order" else "ordered only"):
        authorise(request, _grant("far"), _planner())
    assert authorise(_asks("open_amount", by=["deal__owner__team"]), _grant("far"), _planner())


def test_lists_have_only_what_is_seen() -> None:
    definitions = definitions_of(_planner(), _grant("guest"))
    assert [metric.name for metric in definitions.metrics()] == ["amount", "win_rate"]
    dimensions = {one.qualified_name for one in definitions.dimensions(["amount"])}
    assert dimensions == {"account__industry", "metric_time"}
    assert definitions.entities() == []
    assert definitions.saved_queries() == []
    seen = VisibleDefinitions(_planner(), _grant("guest"))
    assert set(seen.kinds("amount")) == set(seen.group_bys("amount")) == dimensions
    assert not hasattr(seen, "plan")
    all_saved = VisibleDefinitions(_planner(), _grant("rep")).manifest.saved_queries
    assert [one.name for one in all_saved] == ["amount_by_team", "energy", "busy"]


def test_callers_who_see_the_same_share_a_key() -> None:
    def key(*teams: str, name: str = "a", groups: tuple[str, ...] = ("reps",)) -> Hashable:
        principal = Principal(name, frozenset(groups), {"teams": teams, "city": (name,)})
        return _policies().grant_for(principal).key

    assert key("EMEA", "APAC") == key("APAC", "EMEA", "EMEA", name="b")
    assert hash(key("EMEA")) == hash(key("EMEA", name="b"))
    assert len({key("EMEA"), key("APAC"), key(), key("EMEA", groups=()), key("EMEA", "APAC")}) == 5


def test_callers_with_other_values_share_a_shape() -> None:
    def scope(*teams: str) -> Rows:
        principal = Principal("a", frozenset({"reps"}), {"teams": teams})
        return authorise(_asks("deals"), _policies().grant_for(principal), _planner()).rows

    assert scope("EMEA").shape == scope("APAC").shape != scope("EMEA", "APAC").shape
    assert scope("EMEA") != scope("APAC")
    assert scope("EMEA", "APAC").values == ("APAC", "EMEA")
