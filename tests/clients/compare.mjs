// What a client's cache answers, compared with what the server answers.

// The paths at which two answers differ; of a list with other entries its own path. Of a list that goes on, as much is
// compared as both have: clients join pages, and ask for the next one by the cursor of the last.
export function differences(cached, real, path = "") {
  if (Object.is(cached, real)) return [];
  if (!cached || !real || typeof real !== "object") return [path];
  if (Array.isArray(real)) {
    if (cached.length !== real.length) return [path];
    return real.flatMap((item, place) => differences(cached[place], item, path));
  }
  if (real.edges) return differencesOfLists(cached, real, path);
  const names = new Set([...Object.keys(real), ...Object.keys(cached)].filter((name) => name !== "__typename"));
  return [...names].flatMap((name) => differences(cached[name], real[name], path ? `${path}.${name}` : name));
}

function differencesOfLists(cached, real, path) {
  const size = real.pageInfo.hasNextPage ? Math.min(cached.edges.length, real.edges.length) : real.edges.length;
  const kept = real.pageInfo.hasNextPage ? cached.edges.slice(0, size) : cached.edges;
  const ids = (edges) => edges.map(({ node }) => node.id).join();
  const byId = new Map(cached.edges.map((edge) => [edge.node.id, edge]));
  return [
    ...(ids(kept) === ids(real.edges.slice(0, size)) ? [] : [path]),
    ...real.edges.filter(({ node }) => byId.has(node.id)).flatMap((edge) => differences(byId.get(edge.node.id), edge, path)),
  ];
}
