// Bundles GraphiQL and the workers of its editor into dist/, so that the page fetches nothing from elsewhere.
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { build } from "esbuild";
import { examplesModule } from "./examples.mjs";

const draft = "dist.new";
const shared = {
  bundle: true,
  minify: true,
  legalComments: "external",
  logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "dataurl" },
  target: "es2022",
};

await rm(draft, { recursive: true, force: true });
await mkdir(draft);
await Promise.all([
  build({
    ...shared,
    entryPoints: { main: "src/main.jsx" },
    plugins: [examplesModule],
    format: "esm",
    splitting: true,
    jsx: "automatic",
    outdir: `${draft}/assets`,
    chunkNames: "chunk-[hash]",
  }),
  build({
    ...shared,
    entryPoints: {
      "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
      "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
      "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    },
    format: "iife",
    outdir: `${draft}/assets`,
  }),
  copyFile("src/index.html", `${draft}/index.html`),
]);
// Renamed as a whole: a build that was stopped half-way never counts.
await rm("dist", { recursive: true, force: true });
await rename(draft, "dist");
