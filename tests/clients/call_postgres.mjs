// Asks metrics over PostgreSQL's protocol by node-postgres; prints JSON.
import pg from "pg";

const client = new pg.Client({
  host: "127.0.0.1", port: Number(process.env.PORT), user: "ana", database: "metrics",
});
await client.connect();
const asked = await client.query(process.env.STATEMENT);
const named = {
  name: "paid",
  text: "select agg(revenue) as revenue from orders where order__status = $1 and metric_time >= $2",
};
const byParameter = [];
for (let time = 0; time < 3; time += 1) {
  const { rows } = await client.query({ ...named, values: ["paid", "2024-02-01"] });
  byParameter.push(rows[0].revenue);
}
const refused = await client.query("select count(*) from orders").catch((error) => error);
console.log(JSON.stringify({
  rows: asked.rows,
  types: asked.fields.map((field) => field.dataTypeID),
  byParameter,
  refused: [refused.code, refused.message, refused.hint],
}));
await client.end();
