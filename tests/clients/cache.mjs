// After each mutation: what Apollo's cache answers to the screens that are open, against what the server answers.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { gql } from "@apollo/client";
import { filter, firstValueFrom, timeout } from "rxjs";
import { newClient } from "./apollo.mjs";
import { LISTS, SCREENS, complete, mutationOf, paged } from "./documents.mjs";

const url = process.env.VRSS_URL;
const PASSWORD = "Vrss-demo-2026";

async function asked(query, variables, token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const login = async (name) =>
  (await asked("mutation ($input: LoginInput!) { login(input: $input) { token } }", { input: { login: name, password: PASSWORD } }))
    .login.token;

// The token in the e-mail to this address.
async function mailed(receiver) {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    for (const name of readdirSync(process.env.MAILS)) {
      const email = readFileSync(join(process.env.MAILS, name), "utf8").replaceAll("\r", "");
      if (name.endsWith(".eml") && email.includes(`To: ${receiver}`)) return email.match(/^[\w-]{43}$/m)[0];
    }
    await setImmediate();
  }
  throw new Error("no e-mail came");
}

// --- The people, and what they begin with ---

const token = await login("ada");
const bens = await login("ben");
const cleos = await login("cleo");
await login("ada");
await login("ada");
const ask = (query, variables) => asked(query, variables, token);

const world = await ask(`{
  viewer { user { id posts(first: 100) { nodes { id media { id } } } }
    conversations { nodes { id unreadCount } } sessions { nodes { id isCurrent } } notifications(unreadOnly: true) { nodes { id } } }
  ben: user(username: "ben") { id posts(first: 50) { nodes { id viewerHasLiked comments(first: 1) { nodes { id } } } } }
  cleo: user(username: "cleo") { id }  dan: user(username: "dan") { id }  mira: user(username: "mira") { id }
  nils: user(username: "nils") { id viewerFollows posts(first: 1) { nodes { id } } } }`);
const me = world.viewer.user;
const bensPost = world.ben.posts.nodes.find((post) => !post.viewerHasLiked && post.comments.nodes.length).id;
const nilsPost = world.nils.posts.nodes[0].id; // whose profile and posts are for his followers
const withMedia = me.posts.nodes.find((post) => post.media.length);
// What others did before the screens opened: an unread message, a like and comments.
const { sendMessage } = await asked(
  "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id } } }",
  { input: { recipientId: me.id, content: "Are you there?" } }, cleos,
);
const conversation = sendMessage.conversation.id;
for (const name of ["cleo", "ada"]) {
  await asked("mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }",
    { input: { postId: bensPost, content: `From ${name}` } }, name === "cleo" ? cleos : token);
}
await asked("mutation ($input: LikePostInput!) { likePost(input: $input) { post { id } } }", { input: { postId: bensPost } }, cleos);

// --- The screens that are open ---

const client = newClient(url, token);
const screens = Object.entries({
  "profile of ada": ["profile", { name: "ada" }],
  "profile of ben": ["profile", { name: "ben" }],
  "profile of cleo": ["profile", { name: "cleo" }],
  "sections of ada": ["sections", { name: "ada" }],
  "sections of ben": ["sections", { name: "ben" }],
  "posts of ada": ["posts", { name: "ada" }],
  "posts of ben": ["posts", { name: "ben" }],
  "people of ada": ["people", { name: "ada" }],
  "people of ben": ["people", { name: "ben" }],
  "people of cleo": ["people", { name: "cleo" }],
  "profile of nils": ["profile", { name: "nils" }],
  "posts of nils": ["posts", { name: "nils" }],
  "post of nils": ["post", { id: nilsPost }],
  "post of ben": ["post", { id: bensPost }],
  "post of ada": ["post", { id: withMedia.id }],
  messages: ["messages", { id: conversation }],
  ...Object.fromEntries(["home", "viewer", "sessions", "blocked", "muted", "conversations", "notifications", "unread"].map((name) => [name, [name, {}]])),
}).map(([title, [name, variables]]) => {
  const query = gql(complete(SCREENS[name]));
  return { title, query, variables, watched: client.watchQuery({ query, variables, notifyOnNetworkStatusChange: true }) };
});
for (const { watched } of screens) watched.subscribe({});
const loaded = (watched, right = () => true) =>
  firstValueFrom(watched.pipe(filter((result) => !result.loading && right(result.data)), timeout(20_000)));
await Promise.all(screens.map(({ watched }) => loaded(watched)));

// The paths at which two answers differ; of a list with other entries its own path. Of a list that goes on, as much is
// compared as both have: clients join pages, and ask for the next one by the cursor of the last.
function differences(cached, real, path = "") {
  if (Object.is(cached, real)) return [];
  if (!cached || !real || typeof real !== "object") return [path];
  if (Array.isArray(real)) {
    if (cached.length !== real.length) return [path];
    return real.flatMap((item, place) => differences(cached[place], item, path));
  }
  if (real.edges) return differencesOfLists(cached, real, path);
  const names = new Set([...Object.keys(real), ...Object.keys(cached)]);
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

const truth = async ({ query, variables }) =>
  (await client.query({ query, variables, fetchPolicy: "no-cache" })).data;

// --- The mutations ---

const seen = {};

async function step(mutation, input, more, title = mutation) {
  const document = gql(mutationOf(mutation, more));
  const { data } = await client.mutate({ mutation: document, variables: input && { input } });
  const outcome = { errors: data[mutation].userErrors.map(({ code }) => code), stale: {}, asksAgain: [] };
  const diffs = screens.map(({ query, variables }) =>
    client.cache.diff({ query: client.cache.transformDocument(query), variables, returnPartialData: true, optimistic: false }));
  const truths = await Promise.all(screens.map(truth));
  for (const [place, screen] of screens.entries()) {
    const real = truths[place];
    if (!diffs[place].complete) {
      // An object that the screen shows is gone: the client asks again by itself.
      outcome.asksAgain.push(screen.title);
      await loaded(screen.watched, (data) => differences(data, real).length === 0).catch(() => { throw new Error(`${title}: ${screen.title} did not get right`) });
      continue;
    }
    const found = [...new Set(differences(diffs[place].result, real))];
    if (found.length) {
      outcome.stale[screen.title] = found;
    }
  }
  // What docs/clients.md says about the rest, and what it leads to.
  if (Object.keys(outcome.stale).length) await client.refetchQueries({ include: "active" });
  seen[title] = { mutation, ...outcome };
  return data[mutation];
}

async function loginElsewhere() {
  await login("ada");
  await client.refetchQueries({ include: "active" });
}

// Beside the cards: the lists that a mutation has changed and its payload has no new entry or `deletedId` for.
const { conversations, followers, following, friends, likers, muted, notifications, replies, sections, sessions, unread } = LISTS;
const theirs = `${followers} ${friends}`;
const own = `user { ${followers} ${following} ${friends} ${sections} }`;

await step("updateBackground", { type: "COLOR", value: "#112233" });
await step("updatePrivacy", { profileVisibility: "FOLLOWERS", allowMessagesFrom: "FRIENDS", showFollowers: false });
await step("updateAccountSettings", { emailLikes: false });
await step("likePost", { postId: bensPost }, { post: likers });
await step("unlikePost", { postId: bensPost }, { post: likers });
const { comment } = await step("addComment", { postId: bensPost, content: "Warm" }, { comment: replies });
await step("addComment", { postId: bensPost, parentId: comment.id, content: "And dark" }, {}, "addComment, a reply");
await step("createPost", { content: "Rain on the #darkroom" });
await step("unfollow", { userId: world.ben.id }, { user: theirs, viewer: own });
await step("follow", { userId: world.ben.id }, { user: theirs, viewer: own });
const posts = paged("posts", "...PostCard", 20);
await step("unfollow", { userId: world.nils.id }, { user: posts, viewer: own }, "unfollow, of a profile for followers");
await step("follow", { userId: world.nils.id }, { user: posts, viewer: own }, "follow, of a profile for followers");
await step("removeFollower", { userId: world.ben.id }, { user: `${following} ${friends}`, viewer: own });
await step("sendMessage", { conversationId: conversation, content: "Here" });
await step("sendMessage", { recipientId: world.mira.id, content: "Ink?" }, {}, "sendMessage, to a person");
await step("markConversationRead", { conversationId: conversation });
await step("markNotificationsRead", { ids: [world.viewer.notifications.nodes[0].id] }, { viewer: unread });
await step("deleteMedia", { mediaId: withMedia.media[0].id });
await step("muteUser", { userId: world.dan.id }, { viewer: `${notifications} ${unread}` });
await step("unmuteUser", { userId: world.dan.id }, { viewer: `${muted} ${notifications} ${unread}` });
await step("blockUser", { userId: world.cleo.id }, { viewer: conversations });
await step("unblockUser", { userId: world.cleo.id }, { viewer: `${conversations} ${notifications} ${unread}` });
await step("revokeSession", { sessionId: world.viewer.sessions.nodes.find(({ isCurrent }) => !isCurrent).id });
await step("revokeOtherSessions", undefined, { viewer: sessions });
await step("exportMyData");
await loginElsewhere();
await step("changeEmail", { email: "ada@new.example.org", password: PASSWORD });
await step("verifyEmail", { token: await mailed("ada@new.example.org") }, { viewer: sessions });
await step("resendVerification");
await loginElsewhere();
await step("changePassword", { currentPassword: PASSWORD, newPassword: "a-much-longer-secret" }, { viewer: sessions });
await step("changeUsername", { username: "lovelace" });

client.stop();
console.log(JSON.stringify(seen));
