"""Changes of the SQL beneath: marts, what they are made of, seeds and sources."""

from review.corpus.change import MAJOR, Change, dimensions, metrics, these
from review.corpus.edits import append, replace, throughout
from review.corpus.groups import (
    CONVERSIONS,
    CUSTOMER_DIMENSIONS,
    EXPORTED,
    OF_CHANNELS,
    OF_ORDERS,
    OF_VISITS,
    ORDER_DIMENSIONS,
    REVENUE,
    VISIT_DIMENSIONS,
)

ORDERS, CUSTOMERS, VISITS = "models/orders.sql", "models/customers.sql", "models/visits.sql"
INT_ORDERS, FIRST = "models/int_orders.sql", "models/int_first_orders.sql"
DAYS, MEMBERS = "models/channel_days.sql", "models/memberships.sql"

_ORDER_ROWS = OF_ORDERS | CONVERSIONS | ORDER_DIMENSIONS
_CUSTOMER_ROWS = CUSTOMER_DIMENSIONS | metrics("customers_signed_up revenue_south")
_VISIT_ROWS = OF_VISITS | VISIT_DIMENSIONS
_AMOUNTS = (
    REVENUE
    | metrics("largest_order smallest_order average_order median_order p90_order paid_web_orders")
    | dimensions("order__is_large")
)
_MEMBER_ROWS = dimensions(
    "membership__level membership__valid_from membership__valid_to"
) | metrics("revenue_gold")
_LIST = these("exposure order_list")

MARTS = (
    Change(
        "a condition on the rows of a mart",
        (append(ORDERS, "where orders.status != 'returned'\n"),),
        major=_ORDER_ROWS,
        impacts=EXPORTED | _LIST | these("policy south"),
    ),
    Change(
        "a left join in place of an inner one",
        (replace(ORDERS, "inner join numbered", "left join numbered"),),
        major=_ORDER_ROWS,
        moves=False,
    ),
    Change(
        "an inner join in place of a left one",
        (replace(CUSTOMERS, "left join regions", "inner join regions"),),
        major=_CUSTOMER_ROWS,
        impacts=EXPORTED,
    ),
    Change(
        "a join by another column",
        (
            replace(
                CUSTOMERS, "customers.region = regions.region", "customers.region = regions.country"
            ),
        ),
        major=_CUSTOMER_ROWS,
        moves=False,
    ),
    Change(
        "the expression of a column",
        (
            replace(
                ORDERS,
                "orders.amount,\n    orders.quantity,",
                "orders.amount * 2 as amount,\n    orders.quantity,",
            ),
        ),
        major=_AMOUNTS,
        impacts=EXPORTED | _LIST,
    ),
    Change(
        "a column added",
        (
            replace(
                ORDERS,
                "orders.quantity * 2 as pairs",
                "orders.quantity * 2 as pairs,\n    orders.quantity * 3 as triples",
            ),
        ),
    ),
    Change(
        "a column that no metric uses",
        (replace(ORDERS, "orders.quantity * 2 as pairs", "orders.quantity / 2 as pairs"),),
        impacts=_LIST,
        whole=MAJOR,
    ),
    Change(
        "a column removed that no metric uses",
        (replace(ORDERS, ",\n    orders.quantity * 2 as pairs", ""),),
        impacts=_LIST,
        whole=MAJOR,
    ),
    Change(
        "a column removed that a metric uses",
        (replace(ORDERS, "    numbered.nth_order,\n", ""),),
        major=metrics("first_orders"),
        builds=False,
    ),
    Change(
        "rows that are there twice",
        (replace(MEMBERS, "select distinct", "select"),),
        major=_MEMBER_ROWS,
        moves=False,
    ),
    Change(
        "the order in a window",
        (replace(ORDERS, "order by ordered_at, order_id", "order by ordered_at desc, order_id"),),
        major=metrics("first_orders"),
    ),
    Change(
        "the parts of a window",
        (
            replace(
                ORDERS, "partition by customer_id order", "partition by customer_id, channel order"
            ),
        ),
        major=metrics("first_orders"),
    ),
    Change(
        "what rows are grouped by",
        (
            replace(
                DAYS,
                "    channel,\n    sum(amount)",
                "    min(channel) as channel,\n    sum(amount)",
            ),
            replace(DAYS, "group by 1, 2, 3", "group by 1, 2"),
        ),
        major=OF_CHANNELS,
        moves=False,
    ),
    Change(
        "an aggregate",
        (replace(DAYS, "sum(amount) as amount", "max(amount) as amount"),),
        major=metrics("channel_amount"),
        impacts=these("saved query largest_channels"),
    ),
    Change(
        "a branch of a union left out",
        (
            replace(
                VISITS, "'poster' and visit_id is not null", "'banner' and visit_id is not null"
            ),
        ),
        major=_VISIT_ROWS,
    ),
    Change(
        "a union without what is there twice",
        (replace(VISITS, "union all", "union"),),
        major=_VISIT_ROWS,
        moves=False,
    ),
    Change(
        "a cast to another type",
        (replace(INT_ORDERS, "numeric(12, 2)", "numeric(12, 0)"),),
        major=_AMOUNTS | metrics("channel_amount"),
        impacts=EXPORTED | _LIST,
    ),
    Change(
        "and in place of or",
        (
            replace(
                FIRST, "status = 'paid' or status = 'open'", "status = 'paid' and status != 'open'"
            ),
        ),
        major=dimensions("customer__first_ordered_at"),
    ),
)

BENEATH = (
    Change(
        "an upstream condition",
        (append(INT_ORDERS, "    and amount > 50\n"),),
        major=_ORDER_ROWS | OF_CHANNELS | dimensions("customer__first_ordered_at"),
        impacts=EXPORTED | _LIST | these("saved query largest_channels"),
    ),
    Change(
        "the default of a variable",
        (replace("dbt_project.yml", "ignored_channel: phone", "ignored_channel: web"),),
        major=_ORDER_ROWS | OF_CHANNELS | dimensions("customer__first_ordered_at"),
    ),
    Change(
        "an ephemeral model",
        (replace(FIRST, "min(ordered_at)", "max(ordered_at)"),),
        major=dimensions("customer__first_ordered_at"),
    ),
    Change(
        "the body of a macro",
        (replace("macros/tidy.sql", "lower(trim({{ name }}))", "upper(trim({{ name }}))"),),
        major=dimensions("customer__sort_name"),
    ),
    Change(
        "what an increment takes",
        (replace(DAYS, "ordered_at >= (select max(sold_on)", "ordered_at > (select max(sold_on)"),),
        major=OF_CHANNELS,
        moves=False,
    ),
    Change(
        "the key of an increment",
        (replace(DAYS, "unique_key='channel_day'", "unique_key='channel'"),),
        major=OF_CHANNELS,
        moves=False,
    ),
    Change(
        "a table in place of an increment",
        (
            replace(
                DAYS, "materialized='incremental', unique_key='channel_day'", "materialized='table'"
            ),
        ),
        major=OF_CHANNELS,
        moves=False,
    ),
    Change(
        "a value in a seed",
        (
            replace(
                "seeds/raw_orders.csv",
                "1,5,2024-01-01 23:30:00,open,web,905.98,4",
                "1,5,2024-01-01 23:30:00,open,web,5.98,4",
            ),
        ),
        major=_AMOUNTS | metrics("channel_amount"),
    ),
    Change(
        "a row in a seed",
        (append("seeds/raw_memberships.csv", "9,5,gold,2024-05-01,2030-01-01\n"),),
        major=_MEMBER_ROWS,
    ),
    Change(
        "a column in a seed",
        (
            throughout("seeds/raw_memberships.csv", "valid_to\n", "valid_to,note\n"),
            throughout("seeds/raw_memberships.csv", "-01\n", "-01,none\n"),
        ),
    ),
    Change(
        "a source of another table",
        (
            replace(
                "models/sources.yml",
                "- name: regions\n",
                "- name: regions\n        identifier: regions_of_2024\n",
            ),
        ),
        major=_CUSTOMER_ROWS,
    ),
    Change(
        "a source in another schema",
        (replace("models/sources.yml", "schema: crm", "schema: crm_new"),),
        major=_CUSTOMER_ROWS,
    ),
)
