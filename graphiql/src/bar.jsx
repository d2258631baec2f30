import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { examples } from "vrss-examples";
import { onSessionChange, signIn, signOut, whoIsSignedIn } from "./session.js";

/** The line above GraphiQL: the examples, and who is signed in. */
export function Bar() {
  useRoomyEditors();
  useSameHeadersInNewTabs();
  return createPortal(
    <>
      <strong>VRSS</strong>
      <Examples />
      <Account />
    </>,
    document.getElementById("bar"),
  );
}

/** Wraps long lines, and lets hints reach beyond the editor, which would cut them off. */
function useRoomyEditors() {
  const editors = useGraphiQL(({ queryEditor, variableEditor, headerEditor, responseEditor }) => [
    queryEditor,
    variableEditor,
    headerEditor,
    responseEditor,
  ]);
  useEffect(() => {
    for (const editor of editors) editor?.updateOptions({ wordWrap: "on", fixedOverflowWidgets: true });
  }, editors);
}

/** A new tab begins with the headers of the one before it: a token is typed once. */
function useSameHeadersInNewTabs() {
  const { tabs, activeTabIndex, headerEditor } = useGraphiQL(({ tabs, activeTabIndex, headerEditor }) => ({
    tabs,
    activeTabIndex,
    headerEditor,
  }));
  const before = useRef(null);
  useEffect(() => {
    const { count, headers } = before.current ?? { count: tabs.length };
    if (tabs.length > count && headers) headerEditor?.setValue(headers);
    before.current = { count: tabs.length, headers: tabs[activeTabIndex].headers };
  }, [tabs, activeTabIndex]);
}

function Examples() {
  const { addTab, changeTab } = useGraphiQLActions();
  const { tabs, queryEditor, variableEditor } = useGraphiQL(({ tabs, queryEditor, variableEditor }) => ({
    tabs,
    queryEditor,
    variableEditor,
  }));

  function open({ target }) {
    const { query, variables } = examples.find(({ name }) => name === target.value);
    const there = tabs.findIndex((tab) => tab.query === query);
    if (there !== -1) {
      changeTab(there);
      return;
    }
    addTab();
    queryEditor.setValue(query);
    variableEditor.setValue(variables);
  }

  return (
    <label>
      Examples{" "}
      <select id="examples" value="" onChange={open} disabled={!queryEditor || !variableEditor}>
        <option value="" disabled>
          Open one …
        </option>
        {examples.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

// The server names them only in development, and only those who are there.
const demoPeople = document.querySelector('meta[name="demo-people"]').content.split(" ").filter(Boolean);

function Account() {
  const [viewer, setViewer] = useState(null);
  const [trouble, setTrouble] = useState("");

  const refresh = () => whoIsSignedIn().then(setViewer, ({ message }) => setTrouble(message));
  useEffect(() => {
    refresh();
    return onSessionChange(refresh);
  }, []);

  async function act(action) {
    setTrouble("");
    await action().catch(({ message }) => setTrouble(message));
    await refresh();
  }

  return (
    <div id="account">
      <span role="status">{trouble || (viewer ? `Signed in as ${viewer}` : "Signed out")}</span>
      {demoPeople.map((username) => (
        <button
          key={username}
          type="button"
          name={username}
          aria-pressed={viewer === username}
          title={`Sign in as ${username}, by cookie. A token in the Headers tab comes first.`}
          onClick={() => act(() => signIn(username))}
        >
          {username[0].toUpperCase() + username.slice(1)}
        </button>
      ))}
      {viewer && (
        <button type="button" name="sign-out" onClick={() => act(signOut)}>
          Sign out
        </button>
      )}
    </div>
  );
}
