// Asks metrics by Cube's own JavaScript client; prints JSON.
import cube from "@cubejs-client/core";

const api = cube(process.env.TOKEN, { apiUrl: process.env.API });
const time = { dimension: "orders.metric_time", granularity: "month" };
const told = (error) => ({ message: error.message, status: error.status });

const meta = await api.meta();
const byMonth = await api.load({
  measures: ["orders.revenue", "orders.paid_share"],
  timeDimensions: [{ ...time, dateRange: ["2024-01-01", "2024-06-30"] }],
});
const byRegion = await api.load({
  measures: ["orders.revenue"],
  dimensions: ["orders.customer__region"],
  timeDimensions: [time],
  order: { "orders.customer__region": "asc" },
});
const compared = await api.load({
  measures: ["orders.revenue"],
  timeDimensions: [
    { ...time, compareDateRange: [["2024-01-01", "2024-03-31"], ["2024-04-01", "2024-06-30"]] },
  ],
});
const blended = await api.load([
  { measures: ["orders.revenue"], timeDimensions: [{ ...time, dateRange: ["2024-01-01", "2024-06-30"] }] },
  {
    measures: ["visits.visits"],
    timeDimensions: [
      { dimension: "visits.metric_time", granularity: "month", dateRange: ["2024-01-01", "2024-06-30"] },
    ],
  },
]);
const paid = await api.load({
  measures: ["orders.revenue_paid"], dimensions: ["orders.customer__region"],
});
const drill = paid.drillDown({ xValues: ["south"] });
const drilled = await api.load({ ...drill, limit: 1000 });
const long = await api.load({
  measures: ["orders.revenue"],
  filters: [{
    member: "orders.order__status", operator: "equals",
    values: ["paid", ...Array.from({ length: 300 }, (_, number) => `status ${number}`)],
  }],
}, { castNumerics: true });
const forms = {};
for (const form of ["default", "compact", "columnar"]) {
  const set = await api.load(
    { measures: ["orders.revenue"], dimensions: ["orders.order__status"] }, {}, undefined, form,
  );
  forms[form] = set.rawData();
}
const page = await api.load({
  measures: ["orders.revenue"], dimensions: ["orders.order"], limit: 5, offset: 5, total: true,
});
const sql = await api.sql({ measures: ["orders.revenue"] });
const dryRun = await api.dryRun({ measures: ["orders.revenue"], timeDimensions: [time] });

console.log(JSON.stringify({
  cubes: meta.cubes.map((one) => one.name),
  measure: meta.resolveMember("orders.revenue", "measures"),
  operators: {
    region: meta.filterOperatorsForMember("orders.customer__region", "dimensions").map((one) => one.name),
    quantity: meta.filterOperatorsForMember("orders.order__quantity", "dimensions").map((one) => one.name),
    time: meta.filterOperatorsForMember("orders.metric_time", "dimensions").map((one) => one.name),
  },
  time: meta.defaultTimeDimensionNameFor("orders.revenue"),
  chart: byMonth.chartPivot(),
  series: byMonth.series(),
  columns: byMonth.tableColumns(),
  pivot: byRegion.pivot({ x: ["orders.customer__region"], y: ["orders.metric_time", "measures"] }),
  table: byRegion.tablePivot(),
  compared: { chart: compared.chartPivot(), names: compared.seriesNames() },
  blended: blended.chartPivot(),
  drill,
  drilled: drilled.rawData(),
  long: long.rawData(),
  forms,
  page: { rows: page.rawData(), total: page.totalRows() },
  sql: sql.sql(),
  dryRun,
  refused: {
    member: await api.load({ measures: ["orders.revnue"] }).catch(told),
    token: await cube("nobody's", { apiUrl: process.env.API }).load({ measures: ["orders.revenue"] }).catch(told),
  },
}));
