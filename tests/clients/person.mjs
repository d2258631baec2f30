// Somebody with Apollo Client, its relayStylePagination and some screens open. Nothing here changes a cache, asks again or
// deletes from one: what a mutation has changed is asked for in its payload.
import { isDeepStrictEqual } from "node:util";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { filter, firstValueFrom, timeout } from "rxjs";
import { differences } from "./compare.mjs";
import { connections, possibleTypes } from "./lists.mjs";
import { request } from "./sign-in.mjs";

const typePolicies = Object.fromEntries(
  Object.entries(connections).map(([type, lists]) => [
    type,
    { fields: Object.fromEntries(Object.entries(lists).map(([name, keys]) => [name, relayStylePagination(keys)])) },
  ]),
);

// A list, such as "comments NEWEST"; of it a screen asks for the first two entries, and scrolls. Payloads ask for other places.
export const list = (name, node, place = "first: 2") => {
  const [field, more] = name.split(" ");
  return `${field}(${place}${more ? `, order: ${more}` : ""}) { edges { cursor node { ${node} } } pageInfo { hasNextPage endCursor } }`;
};

// Without what Apollo adds. Of an empty list it makes "" of the cursor that is null.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (!value || typeof value !== "object") return value;
  const fields = Object.entries(value).filter(([name]) => name !== "__typename");
  return Object.fromEntries(fields.map(([name, of]) => [name, name === "endCursor" ? of || null : plain(of)]));
}

// The server's long lists, as far as the screen shows them.
function cut(real, shown) {
  if (!real || !shown || typeof real !== "object") return real;
  if (Array.isArray(real)) return real.map((item, place) => cut(item, shown[place]));
  if (real.edges && shown.edges) {
    const edges = real.edges.slice(0, shown.edges.length);
    const more = real.pageInfo.hasNextPage || edges.length < real.edges.length;
    return { edges: cut(edges, shown.edges), pageInfo: { hasNextPage: more, endCursor: edges.at(-1)?.cursor ?? null } };
  }
  return Object.fromEntries(Object.entries(real).map(([name, of]) => [name, cut(of, shown[name])]));
}

export class Person {
  constructor(name, token, screens) {
    this.name = name;
    this.token = token;
    this.seen = [];
    const link = new HttpLink({ uri: process.env.GRAPHQL_URL, headers: { Authorization: `Bearer ${token}` } });
    this.client = new ApolloClient({ cache: new InMemoryCache({ possibleTypes, typePolicies }), link });
    this.titles = Object.entries(screens);
  }
  // Goes to the screens: what others have done meanwhile is seen then.
  open() {
    for (const screen of this.screens ?? []) screen.unsubscribe();
    this.watched = this.titles.map(([title, text]) => {
      return { title, text, query: this.client.watchQuery({ query: gql(text), fetchPolicy: "cache-and-network", nextFetchPolicy: "cache-first" }) };
    });
    this.screens = this.watched.map(({ query }) => query.subscribe(() => {}));
    return Promise.all(this.watched.map(({ query }) => firstValueFrom(query.pipe(filter(({ loading }) => !loading), timeout(20_000)))));
  }
  ask = (text) => request(text, {}, this.token);
  shows = (title) => this.of(title).query.getCurrentResult().data;
  of = (title) => this.watched.find((screen) => screen.title === title);
  // Scrolls down: the next page of a list, which `found` finds in what the screen shows. `next` asks for it after $after.
  async scroll(title, next, found) {
    const { query } = this.of(title);
    const { edges, pageInfo } = found(this.shows(title));
    await query.fetchMore({ query: gql(next), variables: { after: pageInfo.endCursor } });
    await firstValueFrom(query.pipe(filter(({ data }) => found(data).edges.length > edges.length), timeout(20_000)));
  }
  // Which screens show something else than the server would answer now, and where; of its lists as much as they show.
  async old() {
    const found = {};
    for (const { title, text } of this.watched) {
      const shown = plain(this.shows(title));
      const real = cut(await this.ask(text.replaceAll("first: 2", "first: 100")), shown);
      if (!isDeepStrictEqual(shown, real)) found[title] = [...new Set(differences(shown, real))];
    }
    return found;
  }
  async does(mutation, variables) {
    const { data } = await this.client.mutate({ mutation: gql(mutation), variables });
    const [[name, payload]] = Object.entries(data);
    this.seen.push({ who: this.name, did: name, errors: payload.userErrors, old: await this.old() });
    return payload;
  }
}
