// Runs the examples of docs/clients.md and prints what they have seen.
import { gql } from "@apollo/client";
import { newClient as newApollo } from "./apollo.mjs";
import { persistedLink, sessionLink } from "./links.mjs";
import { ApiError, asUser, request } from "./sign-in.mjs";
import { newClient as newUrql } from "./urql.mjs";

const url = process.env.GRAPHQL_URL;
const PASSWORD = "Vrss-demo-2026";

const failed = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error instanceof ApiError ? { status: error.status, code: error.code } : error.message;
  }
};
const errors = {
  wrongPassword: await failed(asUser("ada", "wrong")),
  badToken: await failed(request("{ viewer { id } }", {}, "no-token")),
  signedOut: await failed(request("{ homeFeed { nodes { id } } }")),
  badField: await failed(request("{ nothing }")),
};

const token = await asUser("ada", PASSWORD);
const POSTS = `{ user(username: "ben") { posts(first: 6) { edges { node { id likesCount viewerHasLiked } } } } }`;
const before = (await request(POSTS, {}, token)).user.posts.edges;
const { seen: apollo } = await import("./use-apollo.mjs");
const after = (await request(POSTS, {}, token)).user.posts.edges;
const { seen: urql } = await import("./use-urql.mjs");

// The session link sees the end of a session, in an answer with the status 401.
const ended = [];
const expired = newApollo(url, "no-token", [sessionLink(() => ended.push("signed out"))]);
await failed(expired.query({ query: gql`{ viewer { id } }` }));

// The hash alone is enough once the document was sent with it.
const bodies = [];
const fetched = globalThis.fetch;
globalThis.fetch = (address, options) => bodies.push(Object.keys(JSON.parse(options.body))) && fetched(address, options);
for (const _ of [1, 2]) await newApollo(url, token, [persistedLink]).query({ query: gql`query Name { viewer { username } }` });
globalThis.fetch = fetched;

// What `deletedId` names is not answered from urql's cache any more.
const client = newUrql(url, token);
const SESSIONS = `{ viewer { id sessions(first: 50) { edges { cursor node { id isCurrent } } pageInfo { hasNextPage endCursor } } } }`;
const sessions = async () => {
  const { data, error } = await client.query(SESSIONS, {}).toPromise();
  if (error) throw error;
  return data.viewer.sessions.edges.map(({ node }) => node);
};
const first = await sessions();
const sessionId = first.find(({ isCurrent }) => !isCurrent).id;
await client.mutation("mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { deletedId } }", { id: sessionId }).toPromise();
const left = (await sessions()).map(({ id }) => id);
const deleted = { asked: sessionId, before: first.map(({ id }) => id), left };

console.log(JSON.stringify({ errors, before, after, apollo, urql, ended, bodies, deleted }));
process.exit();
