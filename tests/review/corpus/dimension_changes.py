"""Changes of dimensions, entities, time spines and grains."""

from review.corpus.change import Change, dimensions, metrics, these
from review.corpus.edits import replace
from review.corpus.groups import (
    CONVERSIONS,
    CUMULATIVE,
    EXPORTED,
    METRICS,
    MORE,
    OF_ORDERS,
    OF_VISITS,
    OFFSET,
    SEMANTIC,
    STOCK,
)

_REGION = "{name: region, type: categorical, description: Where the customer lives.}"
_CUSTOMER_OF_ORDERS = (
    "      - {name: order, type: primary, expr: order_id}\n"
    "      - {name: customer, type: foreign, expr: customer_id}\n"
)
_BY_CUSTOMER = OF_ORDERS | OF_VISITS | metrics("customers_signed_up")
_NOTHING: frozenset[str] = frozenset()

DIMENSIONS = (
    Change(
        "a dimension's expression",
        (replace(SEMANTIC, "expr: amount > 500", "expr: amount > 300"),),
        major=dimensions("order__is_large") | metrics("paid_web_orders"),
    ),
    Change(
        "the expression of what a saved query groups by and a policy limits",
        (
            replace(
                SEMANTIC,
                _REGION,
                _REGION.replace("description", "expr: upper(region), description"),
            ),
        ),
        major=dimensions("customer__region") | metrics("revenue_south"),
        impacts=these("saved query revenue_by_region", "policy south") | EXPORTED,
    ),
    Change(
        "a day of another grain",
        (
            replace(
                SEMANTIC,
                "{name: first_ordered_at, type: time, type_params: {time_granularity: day}}",
                "{name: first_ordered_at, type: time, type_params: {time_granularity: month}}",
            ),
        ),
        major=dimensions("customer__first_ordered_at"),
    ),
    Change(
        "a time becomes a category",
        (
            replace(
                SEMANTIC,
                "{name: first_ordered_at, type: time, type_params: {time_granularity: day}}",
                "{name: first_ordered_at, type: categorical}",
            ),
        ),
        major=dimensions("customer__first_ordered_at"),
    ),
    Change(
        "a partition",
        (
            replace(
                SEMANTIC,
                "{name: first_ordered_at, type: time, type_params: {time_granularity: day}}",
                "{name: first_ordered_at, type: time, is_partition: true, "
                "type_params: {time_granularity: day}}",
            ),
        ),
        major=dimensions("customer__first_ordered_at"),
    ),
    Change(
        "from when on a row counts",
        (
            replace(
                SEMANTIC,
                "- name: valid_from\n        type: time\n",
                "- name: valid_from\n        type: time\n        expr: valid_from + 90\n",
            ),
        ),
        major=dimensions("membership__valid_from") | metrics("revenue_gold"),
    ),
    Change(
        "what a metric is filtered by, over an entity",
        (
            replace(
                SEMANTIC,
                "{name: level, type: categorical}",
                "{name: level, type: categorical, expr: lower(level || '+')}",
            ),
        ),
        major=dimensions("membership__level") | metrics("revenue_gold"),
    ),
    Change(
        "a dimension added",
        (
            replace(
                SEMANTIC,
                "{name: source, type: categorical}",
                "{name: source, type: categorical}\n"
                "      - {name: by_friend, type: categorical, expr: source = 'friend'}",
            ),
        ),
        minor=dimensions("visit__by_friend") | OF_VISITS,
    ),
    Change(
        "a dimension removed",
        (replace(SEMANTIC, "      - {name: sort_name, type: categorical}\n", ""),),
        major=dimensions("customer__sort_name") | _BY_CUSTOMER,
        moved=_NOTHING,
    ),
    Change(
        "a dimension renamed",
        (
            replace(
                SEMANTIC,
                "{name: store, type: categorical}",
                "{name: shop, type: categorical, expr: store}",
            ),
            replace(METRICS, "shelf_day__store", "shelf_day__shop"),
        ),
        major=dimensions("shelf_day__shop") | STOCK | these("saved query stock_by_store"),
        moved=_NOTHING,
    ),
)

ENTITIES = (
    Change(
        "the key that orders find customers by",
        (
            replace(
                SEMANTIC,
                _CUSTOMER_OF_ORDERS,
                _CUSTOMER_OF_ORDERS.replace("expr: customer_id", "expr: customer_id % 5"),
            ),
        ),
        major=these("entity customer of orders")
        | CONVERSIONS
        | metrics("revenue_south revenue_of_big_customers"),
        impacts=these("saved query revenue_by_region") | EXPORTED,
    ),
    Change(
        "the type of an entity",
        (
            replace(
                SEMANTIC,
                "{name: shelf, type: foreign, expr: shelf_id}",
                "{name: shelf, type: unique, expr: shelf_id}",
            ),
        ),
        major=these("entity shelf of stock") | metrics("stock_on_shelves"),
        moves=False,
    ),
    Change(
        "an entity added",
        (
            replace(
                SEMANTIC,
                "{name: shelf, type: foreign, expr: shelf_id}",
                "{name: shelf, type: foreign, expr: shelf_id}\n"
                "      - {name: shop, type: foreign, expr: store}",
            ),
        ),
        minor=these("entity shop of stock") | STOCK,
    ),
    Change(
        "an entity removed",
        (
            replace(SEMANTIC, "      - {name: member, type: foreign, expr: customer_id}\n", ""),
            replace(MORE, "    filter: |\n      {{ Dimension('member__level') }} = 'gold'\n", ""),
        ),
        major=these("entity member of orders") | OF_ORDERS,
        moved=frozenset({"revenue_gold"}),
    ),
    Change(
        "an entity of a conversion added elsewhere",
        (
            replace(
                SEMANTIC,
                "{name: shelf, type: foreign, expr: shelf_id}",
                "{name: shelf, type: foreign, expr: shelf_id}\n"
                "      - {name: customer, type: foreign, expr: quantity % 10}",
            ),
        ),
        minor=these("entity customer of stock") | STOCK,
    ),
    Change(
        "the entity of a semantic model without a key",
        (
            replace(SEMANTIC, "primary_entity: shelf_day", "primary_entity: counted"),
            replace(METRICS, "shelf_day__store", "counted__store"),
            replace(METRICS, "shelf_day__item", "counted__item"),
        ),
        major=dimensions("counted__store counted__item counted__stock_day")
        | STOCK
        | these("saved query stock_by_store"),
        moved=_NOTHING,
    ),
    Change(
        "the key of orders themselves",
        (
            replace(
                SEMANTIC,
                "{name: order, type: primary, expr: order_id}",
                "{name: order, type: primary, expr: order_id + 0}",
            ),
        ),
        major=these("entity order of orders"),
    ),
)

GRAINS = (
    Change(
        "the market's quarters begin elsewhere",
        (
            replace(
                "models/days.sql",
                "'quarter', days.moment - interval '1 month') + interval '1 month'",
                "'quarter', days.moment - interval '2 month') + interval '2 month'",
            ),
        ),
        major=these("grain market_quarter") | metrics("revenue_new_quarter"),
    ),
    Change(
        "fewer days",
        (replace("models/days.sql", "timestamp '2024-12-31'", "timestamp '2024-05-31'"),),
        major=these("grain day", "grain market_quarter")
        | CUMULATIVE
        | OFFSET
        | metrics("revenue_every_day revenue_new_quarter"),
    ),
    Change(
        "a grain added",
        (
            replace(
                "models/market.yml",
                "          column_name: market_quarter\n",
                "          column_name: market_quarter\n"
                "        - {name: season, column_name: market_quarter}\n",
            ),
        ),
        minor=these("grain season"),
    ),
    Change(
        "a grain renamed",
        (
            replace(
                "models/market.yml",
                "- name: market_quarter\n          column",
                "- name: season\n          column",
            ),
            replace(MORE, "'market_quarter'", "'season'"),
        ),
        major=these("grain season"),
        moved=_NOTHING,
    ),
    Change(
        "a grain of another column",
        (replace("models/market.yml", "column_name: market_quarter", "column_name: date_day"),),
        major=these("grain market_quarter") | metrics("revenue_new_quarter"),
        moves=False,
    ),
)
