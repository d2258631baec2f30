// Apollo Client as docs/clients.md configures it, with a query watched for each screen.
import { gql } from "@apollo/client";
import { filter, firstValueFrom, timeout } from "rxjs";
import { newClient } from "./apollo.mjs";

export async function open(url, token, screens) {
  const client = newClient(url, token);
  const { cache } = client;
  const watched = new Map(
    screens.map((screen) => [screen, client.watchQuery({ query: gql(screen.query), variables: screen.variables, notifyOnNetworkStatusChange: true })]),
  );
  for (const query of watched.values()) query.subscribe(() => {});
  const settled = (screen, isRight) =>
    firstValueFrom(watched.get(screen).pipe(filter(({ loading, data }) => !loading && isRight(data)), timeout(20_000)));
  for (const screen of screens) await settled(screen, () => true);

  return {
    mutate: async (mutation, variables) => (await client.mutate({ mutation: gql(mutation), variables })).data,
    // What the cache answers; null where it needs the server.
    cached(screen) {
      const query = cache.transformDocument(gql(screen.query));
      const { complete, result } = cache.diff({ query, variables: screen.variables, returnPartialData: true, optimistic: false });
      return complete ? result : null;
    },
    // Resolves when the screen shows the right data, by itself.
    settled,
    askAgain: (some) => Promise.all(some.map((screen) => watched.get(screen).refetch())),
  };
}
