// After each mutation: what a client's cache answers to the screens that are open, against what the server answers.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { differences } from "./compare.mjs";
import { COMMENTS, LISTS, SCREENS, complete, mutationOf, paged } from "./documents.mjs";

const { open } = await import(`./cache-${process.argv[2]}.mjs`);
const url = process.env.GRAPHQL_URL;
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
  viewer { user { id posts(first: 100) { nodes { id media { id } } } } drafts(first: 1) { nodes { id } }
    conversations { nodes { id unreadCount } } sessions { nodes { id isCurrent } } notifications(unreadOnly: true) { nodes { id } } }
  ben: user(username: "ben") { id posts(first: 50) { nodes { id viewerHasLiked comments(first: 1) { nodes { id } } } } }
  cleo: user(username: "cleo") { id posts(first: 1) { nodes { id } } }  dan: user(username: "dan") { id }  mira: user(username: "mira") { id }
  oskar: user(username: "oskar") { id } hana: user(username: "hana") { id } piotr: user(username: "piotr") { id }
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
// Three who have asked to follow: they did before the profile became public again.
for (const profileVisibility of ["FOLLOWERS", "PUBLIC"]) {
  await ask("mutation ($input: UpdatePrivacyInput!) { updatePrivacy(input: $input) { userErrors { code } } }", { input: { profileVisibility } });
  for (const name of profileVisibility === "PUBLIC" ? [] : ["ines", "sam", "cleo"]) {
    const { user: { id: userId } } = await ask("query ($name: String!) { user(username: $name) { id } }", { name });
    await ask("mutation ($input: RemoveFollowerInput!) { removeFollower(input: $input) { userErrors { code } } }", { input: { userId } });
    await asked("mutation ($input: FollowInput!) { follow(input: $input) { userErrors { code } } }", { input: { userId: me.id } }, name === "cleo" ? cleos : await login(name));
  }
}
const { viewer: { followRequests: { nodes: requests } } } = await ask("{ viewer { followRequests { nodes { id requester { username } } } } }");
const requestOf = (name) => requests.find(({ requester: { username } }) => username === name).id;
const { createList: { list: listOfAda } } = await ask("mutation ($input: CreateListInput!) { createList(input: $input) { list { id } } }",
  { input: { name: "Rooms", userIds: [world.cleo.id, world.dan.id] } });
// Bookmarks of posts that later steps hide and show again.
for (const { posts: { nodes: [{ id }] } } of [world.nils, world.cleo]) {
  await ask("mutation ($input: BookmarkPostInput!) { bookmarkPost(input: $input) { post { id } } }", { input: { postId: id } });
}

// --- The screens that are open ---

const screens = Object.entries({
  "profile of ada": ["profile", { name: "ada" }],
  "profile of ben": ["profile", { name: "ben" }],
  "profile of cleo": ["profile", { name: "cleo" }],
  "sections of ada": ["sections", { name: "ada" }],
  "sections of ben": ["sections", { name: "ben" }],
  "posts of ada": ["posts", { name: "ada" }],
  "posts of ben": ["posts", { name: "ben" }],
  "reposts of ada": ["reposts", { name: "ada" }],
  "people of ada": ["people", { name: "ada" }],
  "people of ben": ["people", { name: "ben" }],
  "people of cleo": ["people", { name: "cleo" }],
  "circle of ben": ["circle", { name: "ben" }],
  "circle of mira": ["circle", { name: "mira" }],
  "profile of nils": ["profile", { name: "nils" }],
  "posts of nils": ["posts", { name: "nils" }],
  "post of nils": ["post", { id: nilsPost }],
  "post of ben": ["post", { id: bensPost }],
  "post of ada": ["post", { id: withMedia.id }],
  messages: ["messages", { id: conversation }],
  "list of ada": ["list", { id: listOfAda.id }],
  ...Object.fromEntries(["home", "feeds", "viewer", "sessions", "blocked", "requests", "friendRequests", "suggestions", "lists", "profileVersions", "muted", "muteWords", "bookmarks", "drafts", "scheduled", "deletedPosts", "conversations", "notifications", "unread", "uploads"].map((name) => [name, [name, {}]])),
}).map(([title, [name, variables]]) => {
  return { title, query: complete(SCREENS[name]), variables };
});
const client = await open(url, token, screens);

// --- The mutations ---

const seen = {};

async function step(mutation, input, more, title = mutation) {
  const data = await client.mutate(mutationOf(mutation, more), input && { input });
  const answers = [];
  for (const screen of screens) answers.push(await client.cached(screen));
  const real = await Promise.all(screens.map(({ query, variables }) => ask(query, variables)));
  const stale = {};
  const asksAgain = [];
  for (const [place, screen] of screens.entries()) {
    const isRight = (answer) => differences(answer, real[place]).length === 0;
    if (answers[place] === null) {
      asksAgain.push(screen.title); // what it shows is not all in the cache any more
      await client.settled(screen, isRight);
    } else if (!isRight(answers[place])) {
      stale[screen.title] = [...new Set(differences(answers[place], real[place]))];
    }
  }
  await client.askAgain(screens.filter(({ title }) => stale[title])); // as docs/clients.md says
  // Where nothing was asked again, the cache answers what it has just answered.
  const askedAgain = asksAgain.length > 0 || Object.keys(stale).length > 0;
  for (const [place, screen] of askedAgain ? screens.entries() : []) {
    const left = differences(await client.cached(screen), real[place]);
    if (left.length) throw new Error(`${title}: ${screen.title} is still wrong at ${left}`);
  }
  seen[title] = { mutation, errors: data[mutation].userErrors.map(({ code }) => code), stale, asksAgain };
  return data[mutation];
}

async function loginElsewhere() {
  await login("ada");
  await client.askAgain(screens.filter(({ title }) => title === "sessions"));
}

// Beside the cards: the lists that a mutation has changed and its payload has no new entry or `deletedId` for.
const {
  bookmarks, conversations, deletedPosts, drafts, feedPosts, feeds, feedsInOrder, followers, followRequests, following, friendRequests, friends, likers, members, muted, muteWords, notifications, profileVersions, replies, reposters, reposts,
  repostsOfPost, scheduled, sections, sentFollowRequests, sessions, suggestions, unread, uploads, viewerLists,
} = LISTS;
const theirs = `${followers} ${friends}`;
const own = `user { ${followers} ${following} ${friends} ${sections} } ${friendRequests} ${suggestions}`;

await step("updateProfile", { displayName: "Ada L.", bio: "Rides at night", age: 31, location: "Gothenburg", website: null });
await step("updateBackground", { type: "COLOR", value: "#112233" });
await step("updateMusic", { url: "https://example.org/tide.ogg", volume: 20 });
await step("updateStyle", { colors: { text: "#777777" }, fonts: { heading: "SERIF" } });
await step("updateLayout", { columns: 2 });
const sectionsOf = async () => (await ask(`{ viewer { user { id sections { id title } } } }`)).viewer.user.sections;
const shown = await sectionsOf();
await step("updateSections", {
  sections: [{ title: "Now", config: { staticText: {} }, content: [{ type: "TEXT", content: "Riding" }] }, ...shown.map(({ id }) => ({ id }))],
}, { user: sections });
const now = (await sectionsOf()).find(({ title }) => title === "Now").id;
await step("setSectionContent", { sectionId: now, content: [{ type: "LINK", url: "https://example.org/", title: "Map" }, { type: "TEXT", content: "Resting" }] });
await step("updateSections", { sections: shown.map(({ id }) => ({ id })).reverse() }, { user: sections }, "updateSections, without one and the other way round");
await step("updateLayout", { columns: 3, target: "DRAFT" }, { viewer: profileVersions }, "updateLayout, of the draft");
await step("updateSections", { sections: [{ title: "Drafted", config: { links: {} } }], target: "DRAFT" }, {}, "updateSections, of the draft");
await step("publishProfileDraft", {}, { user: sections, viewer: profileVersions });
const before = (await ask(`{ viewer { profileVersions { id } } }`)).viewer.profileVersions[1].id;
await step("restoreProfileVersion", { versionId: before }, { user: sections, viewer: profileVersions });
await step("applyTemplate", { template: "PORTFOLIO" }, { user: sections, viewer: profileVersions });
await step("discardProfileDraft", undefined, { viewer: profileVersions });
await step("updatePrivacy", { profileVisibility: "FOLLOWERS", allowMessagesFrom: "FRIENDS", showFollowers: false, discoverableInFeeds: false });
await step("updateAccountSettings", { emailLikes: false });
await step("likePost", { postId: bensPost }, { post: likers });
await step("unlikePost", { postId: bensPost }, { post: likers });
await step("bookmarkPost", { postId: bensPost });
await step("removeBookmark", { postId: bensPost }, { viewer: bookmarks });
const { comment } = await step("addComment", { postId: bensPost, content: "Warm" }, { comment: replies });
const { comment: reply } = await step("addComment", { postId: bensPost, parentId: comment.id, content: "And dark" }, {}, "addComment, a reply");
await step("editComment", { commentId: comment.id, content: "Warm." });
await step("likeComment", { commentId: comment.id });
await step("unlikeComment", { commentId: comment.id });
await step("deleteComment", { commentId: comment.id }, {}, "deleteComment, of one with a reply");
await step("deleteComment", { commentId: reply.id }, { post: COMMENTS });
await step("repost", { postId: bensPost, comment: "Look at this" }, { post: `${reposters} ${repostsOfPost}` });
await step("undoRepost", { postId: bensPost }, { post: `${reposters} ${repostsOfPost}`, user: reposts });
await step("sharePost", { postId: bensPost });
await step("markSeen", { postIds: [bensPost, withMedia.id] }, { posts: "viewerHasSeen" });
await step("createPost", { content: "Rain on the #darkroom" });
await step("createPost", { content: "Not yet", status: "DRAFT" }, {}, "createPost, a draft");
const scheduledFor = new Date(Date.now() + 24 * 3600 * 1000).toISOString();
await step("createPost", { content: "Tomorrow", status: "SCHEDULED", scheduledFor }, { viewer: scheduled }, "createPost, scheduled");
await step("updatePost", { postId: withMedia.id, content: "Rewritten for @ben" });
const postId = world.viewer.drafts.nodes[0].id;
await step("schedulePost", { postId, scheduledFor }, { viewer: `${drafts} ${scheduled}` });
await step("unschedulePost", { postId }, { viewer: scheduled });
await step("publishPost", { postId }, { viewer: `${drafts} ${scheduled}` });
const everywhere = { user: paged("posts", "...PostCard", 20), viewer: `${deletedPosts} ${drafts} ${scheduled}` };
await step("deletePost", { postId }, everywhere);
await step("restorePost", { postId }, everywhere);
const rules = { groups: [{ filters: [{ postType: { groups: ["TEXT"] } }] }] };
const { feed, viewer: { feeds: [first] } } = await step("createFeed", { name: "Words", rules }, { viewer: feeds });
await step("updateFeed", { feedId: feed.id, description: "Texts alone" });
await step("updateFeed", { feedId: feed.id, rules: { groups: [] } }, { feed: feedPosts }, "updateFeed, its rules");
await step("updateFeed", { feedId: feed.id, pinnedPostIds: [bensPost] }, { feed: feedPosts }, "updateFeed, pinning a post");
await step("updateFeed", { feedId: feed.id, pinnedPostIds: [] }, { feed: feedPosts }, "updateFeed, unpinning it");
const found = await ask(`query ($id: ID!) { feed(id: $id) { posts(first: 3) { edges { cursor } } } }`, { id: feed.id });
await step("setFeedMarker", { feedId: feed.id, cursor: found.feed.posts.edges[2].cursor });
await step("setFeedMarker", { feedId: feed.id }, {}, "setFeedMarker, removing it");
await step("setDefaultFeed", { feedId: feed.id }, { viewer: feedsInOrder });
const turned = (await ask("{ viewer { feeds { id } } }")).viewer.feeds.map(({ id }) => id).reverse();
await step("reorderFeeds", { feedIds: turned }, { viewer: feedsInOrder });
await step("setDefaultFeed", { feedId: first.id }, { viewer: feedsInOrder }, "setDefaultFeed, back");
await step("shareFeed", { feedId: feed.id, sharing: "PUBLIC" });
await step("createFeedUrls", { feedId: feed.id });
await step("revokeFeedUrls", { feedId: feed.id });
const { feed: copy } = await step("forkFeed", { feedId: feed.id }, { viewer: feeds });
const { feed: brought } = await step("importFeed", { document: { version: 1, name: "Brought", rules: {} } }, { viewer: feeds });
for (const { id } of [copy, brought]) await ask(`mutation { deleteFeed(input: { feedId: "${id}" }) { deletedId } }`);
await client.askAgain(screens.filter(({ title }) => title === "feeds"));
await step("deleteFeed", { feedId: feed.id }, { viewer: feedsInOrder });
await step("unfollow", { userId: world.ben.id }, { user: theirs, viewer: own });
await step("follow", { userId: world.ben.id }, { user: theirs, viewer: own });
const posts = paged("posts", "...PostCard", 20);
await step("unfollow", { userId: world.nils.id }, { user: posts, viewer: own }, "unfollow, of a profile for followers");
await step("follow", { userId: world.nils.id }, { viewer: `${sentFollowRequests} ${suggestions}` }, "follow, of a profile for followers");
await step("unfollow", { userId: world.nils.id }, { viewer: suggestions }, "unfollow, of a profile that was asked");
await step("approveFollowRequest", { followRequestId: requestOf("ines") }, { user: `${following} ${friends}`, viewer: `user { ${friends} ${sections} }` });
await step("rejectFollowRequest", { followRequestId: requestOf("sam") }, { viewer: `${notifications} ${unread}` });
await step("sendFriendRequest", { userId: world.oskar.id }, { user: theirs, viewer: own });
await step("respondToFriendRequest", { userId: world.hana.id, accept: true }, { user: theirs, viewer: own });
await step("respondToFriendRequest", { userId: world.piotr.id, accept: false }, { user: `${following} ${friends}`, viewer: own }, "respondToFriendRequest, rejecting");
await step("removeFollower", { userId: world.ben.id }, { user: `${following} ${friends}`, viewer: own });
const { list } = await step("createList", { name: "Darkroom", isPublic: true, userIds: [world.ben.id] });
await step("updateList", { listId: listOfAda.id, description: "Resonant ones" });
await step("addListMember", { listId: listOfAda.id, userId: world.mira.id }, { user: viewerLists });
await step("removeListMember", { listId: listOfAda.id, userId: world.mira.id }, { list: members, user: viewerLists });
await step("deleteList", { listId: list.id });
const { message: said } = await step("sendMessage", { conversationId: conversation, content: "Here" });
await step("sendMessage", { conversationId: conversation, content: "And there", replyToId: said.id }, {}, "sendMessage, a reply");
await step("editMessage", { messageId: said.id, content: "Here I am" });
await step("deleteMessage", { messageId: said.id });
await step("sendMessage", { recipientId: world.mira.id, content: "Ink?" }, {}, "sendMessage, to a person");
await step("markConversationRead", { conversationId: conversation }, { viewer: `${notifications} ${unread}` });
await step("markConversationUnread", { conversationId: conversation });
await step("muteConversation", { conversationId: conversation });
await step("unmuteConversation", { conversationId: conversation });
await step("hideConversation", { conversationId: conversation }, { conversation: paged("messages", "...MessageCard", 50), viewer: `${conversations} ${notifications} ${unread}` });
const { conversation: talk } = await step("createConversation", { title: "Tandem", userIds: [world.ben.id] });
const ofGroup = { conversationId: talk.id };
await step("updateConversation", { ...ofGroup, title: "Two wheels" });
await step("addConversationMembers", { ...ofGroup, userIds: [world.mira.id, world.cleo.id] });
await step("setConversationRole", { ...ofGroup, userId: world.mira.id, role: "ADMIN" });
await step("removeConversationMember", { ...ofGroup, userId: world.cleo.id });
await step("leaveConversation", ofGroup);
await step("markNotificationsRead", { ids: [world.viewer.notifications.nodes[0].id] }, { viewer: unread });
await step("deleteNotifications", { ids: [world.viewer.notifications.nodes[1].id] }, { viewer: `${notifications} ${unread}` });
await step("markAllNotificationsRead", {}, { viewer: `${notifications} ${unread}` });
await step("updateMedia", { mediaId: withMedia.media[0].id, altText: "A tuning fork" });
await step("deleteMedia", { mediaId: withMedia.media[0].id });
const bytes = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAGElEQVR4nGNgiDqBQBpRJ+CIISDqBBwBABYaD3kbbkXOAAAAAElFTkSuQmCC", "base64");
async function announced(name) {
  return (await step("initiateUpload", { fileName: "a.png", mimeType: "image/png", sizeBytes: String(bytes.length) }, { viewer: uploads }, name)).upload;
}
const upload = await announced("initiateUpload");
await fetch(upload.url, { method: upload.method, headers: Object.fromEntries(upload.headers.map(({ name, value }) => [name, value])), body: bytes });
await step("completeUpload", { uploadId: upload.id }, { viewer: uploads });
await step("abortUpload", { uploadId: (await announced("initiateUpload, another")).id });
await step("muteUser", { userId: world.dan.id }, { viewer: `${notifications} ${unread}` });
await step("unmuteUser", { userId: world.dan.id }, { viewer: `${muted} ${notifications} ${unread}` });
const { muteWord } = await step("createMuteWord", { word: "season finale" }, { viewer: muteWords });
await step("updateMuteWord", { muteWordId: muteWord.id, exceptFollowed: true });
await step("deleteMuteWord", { muteWordId: muteWord.id });
await step("blockUser", { userId: world.cleo.id }, { viewer: `${conversations} ${followRequests} ${suggestions}` });
await step("unblockUser", { userId: world.cleo.id }, { viewer: `${conversations} ${notifications} ${suggestions} ${unread}` });
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

console.log(JSON.stringify(seen));
process.exit();
