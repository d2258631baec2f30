// Who is signed in by the session's cookie, which no script can read: the API says it.
const listeners = new Set();
const CHANGES_SESSION = /\b(login|logout|register|changeUsername|resetPassword|deleteAccount|revokeSession)\b/;

async function ask(query, variables) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** The user name, null for nobody. A cookie that is no longer valid is cleared by the answer. */
export async function whoIsSignedIn() {
  return (await ask("query WhoIsSignedIn { viewer { username } }")).data?.viewer?.username ?? null;
}

/** Throws a sentence for the person when it was refused. */
export async function signIn(username) {
  const { data, errors } = await ask(
    `mutation SignIn($username: String!) {
      login(input: { login: $username, password: "Vrss-demo-2026", asCookie: true }) { userErrors { message } }
    }`,
    { username },
  );
  const [refusal] = errors ?? data.login.userErrors;
  if (refusal) throw new Error(refusal.message);
}

export async function signOut() {
  await ask("mutation SignOut { logout { loggedOut } }");
}

/** Calls `listener` after each operation of the page that may have changed who is signed in; returns how to stop. */
export function onSessionChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `fetch` for GraphiQL. */
export async function noticeSessions(url, options) {
  const response = await fetch(url, options);
  if (CHANGES_SESSION.test(options.body)) for (const listener of listeners) listener();
  return response;
}
