"""Questions of every kind about the star."""

from __future__ import annotations

import datetime as dt

from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest

BY_MONTH = "metric_time__month"
BY_DAY = "metric_time__day"


def _where(text: str, metric: str = "amount", *group_by: str) -> MetricRequest:
    return MetricRequest([metric], group_by, where=parse_filter(text))


REQUESTS = [
    MetricRequest(["amount"]),
    MetricRequest(["amount", "deals", "median_amount", "largest", "accounts_served"]),
    MetricRequest(["amount"], [BY_DAY]),
    MetricRequest(["amount"], ["owner__team"]),
    MetricRequest(["deals"], ["owner", "owner__owner_name"]),
    MetricRequest(["deals"], ["account__industry"]),
    MetricRequest(["deals"], ["account", "account__account_name"], ["-deals", "account"], limit=2),
    MetricRequest(["deals"], ["stage__stage_name", BY_MONTH]),
    MetricRequest(["activities_done"], [BY_MONTH]),
    MetricRequest(["activities_done"], ["deal__title", "deal__account__industry"]),
    MetricRequest(["activities_done"], ["deal__owner__team"]),
    MetricRequest(["open_amount"]),
    MetricRequest(["open_amount"], [BY_MONTH]),
    MetricRequest(["open_amount"], ["owner__team", BY_MONTH]),
    MetricRequest(["daily_amount"], [BY_DAY]),
    MetricRequest(["daily_amount"], [BY_MONTH, "account__industry"]),
    MetricRequest(["energy_amount"], ["account__account_name"]),
    MetricRequest(["amount_of_busy_accounts"]),
    MetricRequest(["amount_of_busy_accounts"], ["account"]),
    MetricRequest(["win_rate"], ["account__industry"]),
    MetricRequest(["won_deals"]),
    MetricRequest(["amount_an_activity"], [BY_MONTH]),
    MetricRequest(["growth"], [BY_DAY]),
    MetricRequest(["growth"], [BY_MONTH, "owner__team"]),
    MetricRequest(["amount_ever"]),
    MetricRequest(["amount_ever"], [BY_DAY]),
    MetricRequest(["amount_of_week"], [BY_DAY]),
    MetricRequest(["amount_of_week"], [BY_MONTH, "account__industry"]),
    MetricRequest(["amount_month_to_date"], [BY_MONTH]),
    MetricRequest(["lead_conversion"]),
    MetricRequest(["lead_conversion"], ["account__industry"]),
    MetricRequest(["lead_conversion", "deals"], [BY_MONTH]),
    MetricRequest(
        ["amount"],
        [BY_DAY],
        start_time=dt.datetime(2024, 1, 10),
        end_time=dt.datetime(2024, 2, 5),
    ),
    MetricRequest(["amount"], ["deal"], ["-amount", "deal"], limit=3),
    MetricRequest(saved_query="amount_by_team"),
    MetricRequest(saved_query="busy"),
    _where("owner__team = 'APAC'"),
    _where("owner__team != 'EMEA' or owner__team is null", "deals", "owner"),
    _where("not owner__team = 'EMEA'", "deals"),
    _where("account__industry = 'energy' and deal__is_won", "lead_conversion"),
    _where("account__industry in ('energy', 'retail')", "amount_of_week", BY_DAY),
    _where("owner__team = 'APAC'", "lead_conversion"),
    _where("{{ Metric('deals', ['account']) }} > 1", "lead_conversion"),
    _where("{{ Metric('open_amount', ['deal']) }} > 5", "deals", "account__industry"),
    _where("not {{ Metric('activities_done', ['deal']) }} > 0", "amount"),
    _where("deal__owner__team = 'APAC'", "activities_done", "deal__account__industry"),
    _where("account__industry = 'energy' and owner = 1", "activities_done", "owner__team"),
    MetricRequest(["amount"], ["metric_time__extract_month"]),
    # What cannot be compared fails for the rows it is tried on, if it may.
    _where("deal__title = 5"),
    _where("deal__title in (1, 2)", "deals", "deal__title"),
    _where("deal__title between 1 and 9"),
    _where("deal__title"),
    _where("not deal__title"),
    _where("owner__owner_name > 7"),
    _where("{{ Entity('deal') }} = 'x'"),
    _where("{{ Entity('deal') }} like '1%'"),
    _where("deal__is_won = 'perhaps'"),
    _where("deal__title = DATE '2024-01-01'"),
    # What may not be asked is refused alike, whatever the rows are.
    MetricRequest(["target"]),
    MetricRequest(["amount_to_target"], [BY_MONTH]),
    MetricRequest(["no_such_metric"]),
    MetricRequest(["amount"], ["account__no_such_dimension"]),
]
VALUES = [
    MetricRequest(group_by=["owner__team"]),
    MetricRequest(group_by=["owner"]),
    MetricRequest(group_by=["owner__owner_name", "owner__team"]),
    MetricRequest(group_by=["deal__title"]),
    MetricRequest(group_by=["deal", "owner__team"]),
    MetricRequest(group_by=["deal__created_on__month"]),
    MetricRequest(group_by=["activity__kind"]),
    MetricRequest(group_by=["activity__kind", "deal__title"]),
    MetricRequest(group_by=["deal__title"], where=parse_filter("deal__is_won")),
    MetricRequest(group_by=["deal__title"], where=parse_filter("owner__team = 'APAC'")),
    MetricRequest(group_by=["account__industry"]),
    MetricRequest(group_by=["deal__is_won", "account__industry"]),
    MetricRequest(group_by=["lead", "account__account_name"]),
]
REQUESTS += VALUES
