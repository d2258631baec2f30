// A request to follow and its answers, as two people with Apollo Client and its relayStylePagination see them: nothing here
// changes a cache, asks again or deletes from one. The lists that a mutation has changed are asked for in its payload.
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom, timeout } from "rxjs";
import { differences } from "./compare.mjs";
import { connections, possibleTypes } from "./lists.mjs";
import { asUser, request } from "./sign-in.mjs";

const typePolicies = Object.fromEntries(
  Object.entries(connections).map(([type, lists]) => [
    type,
    { fields: Object.fromEntries(Object.entries(lists).map(([name, keys]) => [name, relayStylePagination(keys)])) },
  ]),
);
const list = (name, node) => `${name}(first: 2) { edges { cursor node { ${node} } } pageInfo { hasNextPage endCursor } }`;
const REQUEST = "id createdAt requester { id username } target { id username }";
const PERSON = "id username viewerFollows followsViewer isFriend followersCount viewerFollowRequest { id } followRequestToViewer { id }";
const RECEIVED = `followRequestCount ${list("followRequests", REQUEST)}`;
const SENT = list("sentFollowRequests", REQUEST);
const FOLLOWERS = `user { ${PERSON} ${list("followers", PERSON)} }`;
const SCREENS = {
  nils: { followers: `{ viewer { id ${FOLLOWERS} } }`, requests: `{ viewer { id ${RECEIVED} } }`, asker: `{ user(username: "lou") { ${PERSON} } }` },
  lou: { person: `{ user(username: "nils") { ${PERSON} } }`, requests: `{ viewer { id ${SENT} } }` },
};
const ERRORS = "userErrors { code message field }";
const FOLLOW = `mutation ($id: ID!) { follow(input: { userId: $id }) { user { ${PERSON} } followRequest { ${REQUEST} } viewer { id ${SENT} } ${ERRORS} } }`;
const UNFOLLOW = `mutation ($id: ID!) { unfollow(input: { userId: $id }) { user { ${PERSON} } deletedId viewer { id ${SENT} } ${ERRORS} } }`;
const answer = (name) =>
  `mutation ($id: ID!) { ${name}(input: { followRequestId: $id }) { deletedId user { ${PERSON} } viewer { id ${RECEIVED} ${FOLLOWERS} } ${ERRORS} } }`;

class Person {
  constructor(name, token) {
    this.name = name;
    this.token = token;
    const link = new HttpLink({ uri: process.env.GRAPHQL_URL, headers: { Authorization: `Bearer ${token}` } });
    this.client = new ApolloClient({ cache: new InMemoryCache({ possibleTypes, typePolicies }), link });
    this.open();
  }
  // Goes to the screens: what others have done meanwhile is seen then.
  open() {
    for (const query of this.screens ?? []) query.unsubscribe();
    this.watched = Object.entries(SCREENS[this.name]).map(([title, text]) => {
      return { title, text, query: this.client.watchQuery({ query: gql(text), fetchPolicy: "cache-and-network", nextFetchPolicy: "cache-first" }) };
    });
    this.screens = this.watched.map(({ query }) => query.subscribe(() => {}));
    return Promise.all(this.watched.map(({ query }) => firstValueFrom(query.pipe(filter(({ loading }) => !loading), timeout(20_000)))));
  }
  ask = (text) => request(text, {}, this.token);
  // Which screens show something else than the server would answer now.
  async old() {
    const found = {};
    for (const { title, text, query } of this.watched) {
      const wrong = differences(query.getCurrentResult().data, await this.ask(text));
      if (wrong.length) found[title] = [...new Set(wrong)];
    }
    return found;
  }
  async does(mutation, id) {
    const { data } = await this.client.mutate({ mutation: gql(mutation), variables: { id } });
    const [[name, { userErrors }]] = Object.entries(data);
    seen.push({ who: this.name, did: name, errors: userErrors, old: await this.old() });
  }
  shows = (title) => this.watched.find((screen) => screen.title === title).query.getCurrentResult().data;
}

const seen = [];
const nils = new Person("nils", await asUser("nils", "Vrss-demo-2026"));
const lou = new Person("lou", await asUser("lou", "Vrss-demo-2026"));
await nils.open();
await lou.open();
const { id } = lou.shows("person").user;

await lou.does(FOLLOW, id);
await lou.does(UNFOLLOW, id);
await lou.does(FOLLOW, id);
const asked = lou.shows("person").user;

await nils.open();
const { query } = nils.watched.find(({ title }) => title === "requests");
const { endCursor } = nils.shows("requests").viewer.followRequests.pageInfo;
const next = `query ($after: String) { viewer { id ${list("followRequests", REQUEST).replace("first: 2", "first: 2, after: $after")} } }`;
await query.fetchMore({ query: gql(next), variables: { after: endCursor } });
await firstValueFrom(query.pipe(filter(({ data }) => data.viewer.followRequests.edges.length > 2), timeout(20_000)));
const waiting = nils.shows("requests").viewer.followRequests.edges.map(({ node }) => [node.requester.username, node.id]);
const requests = Object.fromEntries(waiting);
await nils.does(answer("approveFollowRequest"), requests.lou);
const follower = nils.shows("asker").user;
await nils.does(answer("rejectFollowRequest"), requests.jonas);
const left = nils.shows("requests").viewer;

await lou.open();
const after = lou.shows("person").user;
console.log(
  JSON.stringify({
    steps: seen,
    asked: [asked.viewerFollows, asked.viewerFollowRequest !== null],
    waiting: waiting.map(([name]) => name),
    follower: [follower.followsViewer, follower.followRequestToViewer],
    left: [left.followRequestCount, left.followRequests.edges.map(({ node }) => node.requester.username)],
    after: [after.viewerFollows, after.viewerFollowRequest, lou.shows("requests").viewer.sentFollowRequests.edges.length],
  }),
);
process.exit();
