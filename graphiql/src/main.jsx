import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./page.css";
import { defaultHeaders, tabs } from "./examples.js";

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => {
    const name = ["json", "graphql"].includes(label) ? label : "editor";
    return new Worker(`/graphql/assets/${name}.worker.js`);
  },
};

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={createGraphiQLFetcher({ url: "/graphql" })}
    defaultTabs={tabs}
    defaultHeaders={defaultHeaders}
    defaultEditorToolsVisibility="headers"
  />,
);
