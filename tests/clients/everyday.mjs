// What people do every day, as one sees it whose client changes no cache: see person.mjs. A list that has a new entry is asked
// for what is before its first one, and keeps all pages that the screen has; one that has lost an entry, for as much as it shows.
import { Person, list } from "./person.mjs";
import { asUser, request } from "./sign-in.mjs";

const PASSWORD = "Vrss-demo-2026";
const POST = "id status content createdAt likesCount commentsCount viewerHasLiked viewerHasBookmarked author { id username }";
const COMMENT = "id content likesCount repliesCount viewerHasLiked author { id username }";
const FAN = "id username viewerFollows";
const NEW = "first: 20, before: $from"; // what has come since the first entry that is shown; the first page where there is none
const LATER = "first: 20, after: $to"; // of a list whose oldest entries come first: what has come since the last one
const SHOWN = "first: $shown";

// --- What there is before ---

const [token, bens] = [await asUser("ada", PASSWORD), await asUser("ben", PASSWORD)];
const did = async (name, input, by = token, of = "post") => {
  const type = `${name[0].toUpperCase()}${name.slice(1)}Input!`;
  const data = await request(`mutation ($input: ${type}) { ${name}(input: $input) { ${of} { id } } }`, { input }, by);
  return data[name][of].id;
};
const { user: ben } = await request(`{ user(username: "ben") { posts(first: 7) { nodes { id } } } }`, {}, token);
const posts = ben.posts.nodes.map(({ id }) => id);
for (const id of posts) for (const name of ["removeBookmark", "unlikePost"]) await did(name, { postId: id });
const [one, other] = posts;
for (const id of posts.slice(2, 7)) await did("bookmarkPost", { postId: id });
const comment = await did("addComment", { postId: one, content: "First" }, bens, "comment");
for (const content of ["Second", "Third", "Fourth"]) {
  await did("addComment", { postId: one, content }, bens, "comment");
  await did("addComment", { postId: one, parentId: comment, content }, bens, "comment");
}
await did("likePost", { postId: one }, bens);
const drafts = [];
for (const content of ["One", "Two", "Three", "Four"]) drafts.push(await did("createPost", { content, status: "DRAFT" }));

// --- The screens ---

const ada = new Person("ada", token, {
  bookmarks: `{ viewer { id ${list("bookmarks", POST)} } }`,
  drafts: `{ viewer { id ${list("drafts", POST)} } }`,
  own: `{ viewer { id user { id postsCount ${list("posts", POST)} } } }`,
  profile: `{ user(username: "ben") { id ${list("posts", POST)} } }`,
  post: `{ post(id: "${one}") { ${POST} ${list("likers", FAN)} ${list("comments NEWEST", COMMENT)} } }`,
  oldest: `{ post(id: "${one}") { ${POST} ${list("comments OLDEST", COMMENT)} } }`,
  thread: `{ comment(id: "${comment}") { ${COMMENT} ${list("likers", FAN)} ${list("replies NEWEST", COMMENT)} } }`,
});
await ada.open();
const scrolls = {
  bookmarks: ["viewer { id", "bookmarks", POST, ({ viewer }) => viewer.bookmarks],
  drafts: ["viewer { id", "drafts", POST, ({ viewer }) => viewer.drafts],
  post: [`post(id: "${one}") { id`, "comments NEWEST", COMMENT, ({ post }) => post.comments],
  thread: [`comment(id: "${comment}") { id`, "replies NEWEST", COMMENT, ({ comment }) => comment.replies],
};
for (const [title, [owner, name, node, found]] of Object.entries(scrolls)) {
  await ada.scroll(title, `query ($after: String) { ${owner} ${list(name, node, "first: 2, after: $after")} } }`, found);
}
const of = (title, found) => found(ada.shows(title)).edges;
const from = (edges) => ({ from: edges[0]?.cursor ?? null });
const shown = (edges) => ({ shown: Math.max(edges.length, 1) });

// --- What she does ---

const does = (name, input, payload, place = {}) => {
  const type = `${name[0].toUpperCase()}${name.slice(1)}Input!`;
  const places = { from: "String", to: "String", shown: "Int" };
  const given = Object.keys(place).map((key) => `, $${key}: ${places[key]}`).join("");
  const text = `mutation ($input: ${type}${given}) { ${name}(input: $input) { ${payload} userErrors { code message field } } }`;
  return ada.does(text, { input, ...place });
};
const bookmarks = ({ viewer }) => viewer.bookmarks;
const draftsOf = ({ viewer }) => viewer.drafts;
const likersOf = ({ post, comment }) => (post ?? comment).likers;
const comments = ({ post }) => post.comments;
const lengths = {};
const note = (name) => {
  lengths[name] = Object.fromEntries(Object.entries(scrolls).map(([title, [, , , found]]) => [title, of(title, found).length]));
};
note("before");

await does("bookmarkPost", { postId: other }, `post { ${POST} } viewer { id ${list("bookmarks", POST, NEW)} }`, from(of("bookmarks", bookmarks)));
note("bookmarkPost");
await does("removeBookmark", { postId: posts[3] }, `post { ${POST} } viewer { id ${list("bookmarks", POST, SHOWN)} }`, shown(of("bookmarks", bookmarks)));
await does("likePost", { postId: one }, `post { ${POST} ${list("likers", FAN, NEW)} }`, from(of("post", likersOf)));
await does("unlikePost", { postId: one }, `post { ${POST} ${list("likers", FAN, SHOWN)} }`, shown(of("post", likersOf)));
const added = await does(
  "addComment", { postId: one, content: "Fifth" },
  `comment { ${COMMENT} } post { ${POST} ${list("comments NEWEST", COMMENT, NEW)} oldest: ${list("comments OLDEST", COMMENT, LATER)} }`,
  { ...from(of("post", comments)), to: of("oldest", comments).at(-1).cursor },
);
note("addComment");
await does(
  "addComment", { postId: one, parentId: comment, content: "Fifth" },
  `comment { ${COMMENT} } post { ${POST} } parent { ${COMMENT} ${list("replies NEWEST", COMMENT, NEW)} }`, from(of("thread", ({ comment }) => comment.replies)),
);
await does("likeComment", { commentId: comment }, `comment { ${COMMENT} ${list("likers", FAN, NEW)} }`, from(of("thread", likersOf)));
await does("unlikeComment", { commentId: comment }, `comment { ${COMMENT} ${list("likers", FAN, SHOWN)} }`, shown(of("thread", likersOf)));
await does(
  "deleteComment", { commentId: added.comment.id },
  `post { ${POST} ${list("comments NEWEST", COMMENT, SHOWN)} oldest: ${list("comments OLDEST", COMMENT, "first: $shown")} }`, shown(of("post", comments)),
);
await does("createPost", { content: "Five", status: "DRAFT" }, `post { ${POST} } viewer { id ${list("drafts", POST, NEW)} }`, from(of("drafts", draftsOf)));
note("createPost");
await does("updatePost", { postId: drafts[1], content: "Two, again" }, `post { ${POST} } viewer { id ${list("drafts", POST, SHOWN)} }`, shown(of("drafts", draftsOf)));
await does(
  "publishPost", { postId: drafts[1] },
  `post { ${POST} } user { id postsCount ${list("posts", POST, NEW)} } viewer { id ${list("drafts", POST, SHOWN)} }`,
  { ...from(of("own", ({ viewer }) => viewer.user.posts)), ...shown(of("drafts", draftsOf)) },
);
const [first] = of("own", ({ viewer }) => viewer.user.posts);

console.log(
  JSON.stringify({
    steps: ada.seen,
    lengths,
    published: [first.node.content, first.node.status],
    drafts: of("drafts", draftsOf).map(({ node }) => node.content),
    bookmarked: of("bookmarks", bookmarks).map(({ node }) => posts.indexOf(node.id)),
    marked: of("profile", ({ user }) => user.posts).map(({ node }) => node.viewerHasBookmarked),
  }),
);
process.exit();
