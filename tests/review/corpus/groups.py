"""Definitions of the market that change together."""

from review.corpus.change import dimensions, metrics, these

METRICS = "models/metrics.yml"
MORE = "models/more_metrics.yml"
SEMANTIC = "models/semantic_models.yml"

REVENUE = metrics(
    "revenue gross revenue_south revenue_gold revenue_new_quarter revenue_every_day revenue_paid "
    "revenue_of_big_customers paid_share revenue_per_buyer revenue_previous_month revenue_growth "
    "revenue_since_month_start revenue_to_date revenue_month_to_date revenue_7_days "
    "revenue_7_days_average"
)
OFFSET = metrics("revenue_previous_month revenue_growth revenue_since_month_start")
CUMULATIVE = metrics("revenue_to_date revenue_month_to_date revenue_7_days revenue_7_days_average")
COUNTED = metrics("orders_placed paid_web_orders web_share revenue_of_big_customers")
BUYERS = metrics(
    "buyers revenue_per_buyer visit_to_order visitors_who_ordered visit_to_order_in_half"
)
CONVERSIONS = metrics("visit_to_order visitors_who_ordered visit_to_order_in_half")
# Those whose rows are orders, and that are asked by what orders are asked by.
OF_ORDERS = (
    REVENUE
    | COUNTED
    | metrics(
        "buyers largest_order smallest_order average_order median_order p90_order orders_paid "
        "first_orders"
    )
)
OF_VISITS = CONVERSIONS | metrics("visits")
STOCK = metrics("stock stock_at_start stock_of_apples stock_change stock_on_shelves")
ORDER_DIMENSIONS = dimensions(
    "order__ordered_at order__status order__channel order__is_large order__quantity order__half"
)
CUSTOMER_DIMENSIONS = dimensions(
    "customer__customer_name customer__region customer__country customer__sort_name "
    "customer__first_ordered_at customer__signed_up_on"
)
VISIT_DIMENSIONS = dimensions("visit__visited_on visit__source visit__half")
SHELF_DIMENSIONS = dimensions("shelf_day__stock_day shelf_day__store shelf_day__item")
CHANNEL_DIMENSIONS = dimensions("channel_day__channel channel_day__sold_on")
OF_CHANNELS = these("metric channel_amount") | CHANNEL_DIMENSIONS
EXPORTED = these("export export_revenue_by_region", "report rep_revenue", "exposure board_pack")
