// Reads docs/examples, for the menu of the page: every NAME.graphql, with the variables of NAME.json.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../docs/examples");

async function read(name) {
  const query = await readFile(join(folder, `${name}.graphql`), "utf8");
  const variables = (await readFile(join(folder, `${name}.json`), "utf8").catch(() => "")).trim();
  const [, title] = query.match(/^# (.+)/);
  return { name, title, query, variables };
}

export async function examples() {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".graphql"));
  return Promise.all(files.map((file) => file.slice(0, -".graphql".length)).sort().map(read));
}

// What `import { examples } from "vrss-examples"` gives.
export const examplesModule = {
  name: "examples",
  setup(build) {
    build.onResolve({ filter: /^vrss-examples$/ }, ({ path }) => ({ path, namespace: "examples" }));
    build.onLoad({ filter: /.*/, namespace: "examples" }, async () => ({
      contents: `export const examples = ${JSON.stringify(await examples())}`,
    }));
  },
};
