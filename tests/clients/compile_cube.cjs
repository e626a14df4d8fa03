// Today's Cube without its server: compiles a data model and plans queries, one a line of JSON.
// Its server does not start without native code, which is no part of its packages.

const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { createRequire } = require("module");

const [, , packages, model] = process.argv;
const load = createRequire(path.join(packages, "package.json"));
const SOURCE = "@cubejs-backend/schema-compiler/dist/src";
const { prepareCompiler } = load(`${SOURCE}/compiler/PrepareCompiler`);
const { PostgresQuery } = load(`${SOURCE}/adapter/PostgresQuery`);

// Only models with Jinja in them need more of it.
const nativeInstance = {
  newJinjaEngine: () => ({
    loadTemplate() {},
    renderTemplate() {
      throw new Error("there is Jinja in the model");
    },
  }),
  loadPythonContext: async () => ({ filters: {}, variables: {}, functions: {} }),
};

function files() {
  return ["cubes", "views"].flatMap((folder) =>
    fs
      .readdirSync(path.join(model, folder))
      .sort()
      .map((name) => ({
        fileName: `${folder}/${name}`,
        content: fs.readFileSync(path.join(model, folder, name), "utf8"),
      }))
  );
}

// What Cube's API makes of a query before it is planned.
function normal(query) {
  return {
    measures: query.measures,
    dimensions: query.dimensions,
    timezone: query.timezone,
    rowLimit: query.limit,
    filters: query.filters || [],
    timeDimensions: query.timeDimensions.map((one) => ({
      ...one,
      ...(one.dateRange && {
        dateRange: [`${one.dateRange[0]}T00:00:00.000`, `${one.dateRange[1]}T23:59:59.999`],
      }),
    })),
  };
}

function answer(compilers, line) {
  try {
    const query = new PostgresQuery(compilers, {
      ...normal(JSON.parse(line)),
      useNativeSqlPlanner: false,
    });
    const [sql, values] = query.buildSqlAndParams();
    return { sql, values, members: query.aliasNameToMember };
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

async function main() {
  const repository = { localPath: () => model, dataSchemaFiles: async () => files() };
  const compilers = prepareCompiler(repository, { nativeInstance });
  await compilers.compiler.compile();
  const visible = compilers.metaTransformer.cubes.map((one) => one.config);
  const measures = visible.flatMap((one) => one.measures);
  console.log(JSON.stringify({ measures: measures.filter((one) => one.isVisible) }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(answer(compilers, line)));
  }
}

main().catch((error) => {
  console.log(JSON.stringify({ error: String(error.message || error) }));
  process.exit(1);
});
