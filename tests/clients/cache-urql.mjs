// urql with Graphcache as docs/clients.md configures it.
import { newClient } from "./urql.mjs";

export async function open(url, token, screens) {
  const client = newClient(url, token);
  const get = async ({ query, variables }, requestPolicy) => {
    const { data, error, operation } = await client.query(query, variables, { requestPolicy }).toPromise();
    if (error) throw error;
    return { data, isComplete: operation.context.meta?.cacheOutcome === "hit" };
  };
  const askAgain = (some) => Promise.all(some.map((screen) => get(screen, "network-only")));
  await askAgain(screens);

  return {
    async mutate(mutation, variables) {
      const { data, error } = await client.mutation(mutation, variables ?? {}).toPromise();
      if (error) throw error;
      return data;
    },
    // What the cache answers; null where it needs the server.
    async cached(screen) {
      const { data, isComplete } = await get(screen, "cache-only");
      return isComplete ? data : null;
    },
    async settled(screen, isRight) {
      const { data } = await get(screen, "cache-first");
      if (!isRight(data)) throw new Error(`${screen.title} is wrong after it was asked for again`);
    },
    askAgain,
  };
}
