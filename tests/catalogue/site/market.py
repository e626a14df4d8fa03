"""What is put into the market, so that its site has all that a site can have."""

from __future__ import annotations

import json
from pathlib import Path

MARKET = Path(__file__).parents[2] / "market_project"

# What would run, load or break something, were it not text.
SCRIPT = "<script>document.title='broken'</script>"
IMAGE = "<img src=x onerror=\"document.title='broken'\">"
HOSTILE = f"{SCRIPT} {IMAGE} & \"quoted\" 'too'"
DESCRIPTION = (
    f"{HOSTILE} **strong** [a link](javascript:alert(1)) ![seen](http://evil.example/p.png)"
)


def _quoted(text: str) -> str:
    """Write a text so that YAML reads it as it is: JSON is YAML."""
    return json.dumps(text)


DEFINITIONS = f"""
metrics:
  - name: orders_hostile
    label: {_quoted(HOSTILE)}
    description: {_quoted(DESCRIPTION)}
    type: simple
    type_params: {{measure: order_count}}
    config:
      meta:
        unit: {_quoted(IMAGE)}
        owner: {_quoted(HOSTILE)}
        tier: {_quoted(HOSTILE)}
        not_by: {{{_quoted(IMAGE)}: {_quoted(SCRIPT)}}}
        example: {{group_by: [customer__region], order_by: [-orders_hostile], limit: 5}}
        deprecated:
          since: 1.2.0
          sunset: 2099-01-01
          replacement: orders_placed
          reason: {_quoted(SCRIPT)}
  - name: never_answered
    label: Never answered
    type: simple
    type_params: {{measure: order_count}}
    config: {{meta: {{example: {{group_by: [nothing__there]}}}}}}
  - name: orders_of_nobody
    label: Orders of nobody
    type: simple
    type_params: {{measure: amount_sum}}
    filter: "{{{{ Dimension('order__status') }}}} = 'nobody'"
    config: {{meta: {{building_block: true}}}}
  - name: concealed_orders
    label: Concealed
    type: simple
    type_params: {{measure: order_count}}
  - name: orders_beside
    label: Made of what is not shown
    type: derived
    type_params: {{expr: concealed_orders * 2, metrics: [concealed_orders]}}
  - name: revenue_expected
    label: Expected revenue
    type: derived
    type_params: {{expr: revenue * 1.1, metrics: [revenue]}}
    config:
      meta:
        unit: euro
        tier: tried
        chart: {{forecast_of: revenue, intervals: {{90 %: [revenue_low, revenue_high]}}}}
  - name: revenue_low
    label: Revenue, low
    type: derived
    type_params: {{expr: revenue * 0.9, metrics: [revenue]}}
    config: {{meta: {{unit: euro, building_block: true}}}}
  - name: revenue_high
    label: Revenue, high
    type: derived
    type_params: {{expr: revenue * 1.3, metrics: [revenue]}}
    config: {{meta: {{unit: euro, building_block: true}}}}
  - name: web_share_of_regions
    label: Web share of regions
    type: ratio
    type_params:
      numerator:
        name: orders_placed
        filter: "{{{{ Dimension('order__channel') }}}} = 'web'"
        alias: web
      denominator: orders_placed
    config: {{meta: {{unit: ratio, direction: higher, example: {{group_by: [customer__region]}}}}}}
saved_queries:
  - name: expected
    label: Expected
    query_params:
      metrics: [revenue, revenue_expected, revenue_low, revenue_high]
      group_by: ["TimeDimension('metric_time', 'month')"]
exposures:
  - name: weekly_letter
    label: {_quoted("Weekly letter " + SCRIPT)}
    type: dashboard
    url: "javascript:alert(2)"
    owner: {{name: Market office}}
    depends_on: [ref('market_report')]
"""

POLICIES = """
local: {groups: [everybody]}
policies:
  - name: everybody sees most
    to: "*"
    metrics: ["*"]
    except_metrics: [concealed_orders]
    dimensions: ["*"]
    except_dimensions: [customer__customer_name]
  - name: "../<b>the till's own</b>"
    to: {groups: [till]}
    metrics: [revenue, concealed_orders]
    dimensions: [customer__region, customer__customer_name]
    rows:
      - {dimension: customer__region, in: [south, atlantis]}
"""


def fill(project: Path) -> None:
    """Put it into a copy of the market."""
    models = project / "models"
    (models / "more.yml").write_text(DEFINITIONS)
    (models / "export_revenue_by_region.sql").write_text("select * from {{ ref('orders') }}\n")
    (models / "market_report.sql").write_text(
        "select * from {{ ref('export_revenue_by_region') }}\n"
    )
    customers = project / "seeds" / "raw_customers.csv"
    cell = IMAGE.replace('"', '""')
    customers.write_text(customers.read_text() + f'901,Secretive Sam,"{cell}",2024-01-02,\n')
    orders = project / "seeds" / "raw_orders.csv"
    orders.write_text(orders.read_text() + "9001,901,2024-01-03 10:00:00,paid,web,10.00,1\n")
    (project / "access.yml").write_text(POLICIES)
    models_file = models / "semantic_models.yml"
    declared = "    config: {meta: {reference_date: ordered_at, unit_names: {euro: EUR}}}\n"
    orders = "    model: ref('orders')\n"
    text = models_file.read_text()
    assert orders in text
    models_file.write_text(text.replace(orders, orders + declared))
    (project / "docs").mkdir(exist_ok=True)
    (project / "docs" / "metrics.yml").write_text(
        "end_time: 2024-02-29\nwords: {owner: {till: Who counts the money.}}\n"
    )
