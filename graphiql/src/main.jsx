import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./page.css";
import { examples } from "vrss-examples";
import { Bar } from "./bar.jsx";
import { noticeSessions } from "./session.js";

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => {
    const name = ["json", "graphql"].includes(label) ? label : "editor";
    return new Worker(`/graphql/assets/${name}.worker.js`);
  },
};

const defaultHeaders = `{
  // Instead of signing in above, a token that login gave:
  // "Authorization": "Bearer TOKEN"
}`;
// What a first visit shows. GraphiQL fills in the variables of the tabs that it stored, but not of those that are given.
const opened = ["home-feed", "profile-page"].map((name) => examples.find((example) => example.name === name));
const isFirstVisit = localStorage.getItem("graphiql:tabState") === null;

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={createGraphiQLFetcher({ url: "/graphql", fetch: noticeSessions })}
    defaultTabs={opened.map(({ query, variables }) => ({ query, variables, headers: defaultHeaders }))}
    initialVariables={isFirstVisit ? opened[0].variables : undefined}
    defaultHeaders={defaultHeaders}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders
  >
    <Bar />
  </GraphiQL>,
);
