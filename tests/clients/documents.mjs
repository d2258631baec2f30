// What the screens of an app ask for, and mutations that ask for the same of what they have changed.
import { buildClientSchema, getNamedType, isLeafType } from "graphql";
import { schema } from "./lists.mjs";

export const paged = (name, node, size) => `${name}(first: ${size}) { edges { cursor node { ${node} } } pageInfo { hasNextPage endCursor } }`;
const PERSON = "id username viewerFollows followsViewer isFriend";
const people = (name, size = 60) => paged(name, PERSON, size);

// One fragment for each type that a payload may hold: its fields but for lists.
// viewsCount is in none: it grows by itself, seconds after somebody has looked.
const CARDS = {
  AccountSettings: "id emailFollows emailLikes emailComments emailReposts emailMentions emailMessages emailFriendRequests",
  BlockedUser: "id username userId blockedAt",
  Comment: "id content depth likesCount repliesCount createdAt editedAt isDeleted viewerHasLiked viewerCanEdit author { id username } parent { id } post { id }",
  Conversation: `id title kind isMuted lastMessageAt createdAt unreadCount viewerIsAdmin viewerCanSend
    participants { id username } members { role joinedAt user { id username } }
    lastMessage { ...MessageCard }`,
  Feed: "id name description isDefault rulesVersion sort createdAt sharing viewerCanEdit hasFeedUrls newPostsCount marker { cursor setAt post { id } } pinnedPosts { id content }",
  FeedNotice: "code severity message cure path",
  FollowRequest: "id createdAt requester { id username } target { id username }",
  Media: "id type url thumbnailUrl sizeBytes width height mimeType altText createdAt durationSeconds",
  Message: "id content createdAt editedAt isDeleted viewerCanEdit viewerCanDelete sender { id username } conversation { id } replyTo { id content }",
  MuteWord: "id word wholeWord exceptFollowed until createdAt",
  Notification: `id type title content actionUrl isRead readAt createdAt actor { id username } post { id } comment { id }
    conversation { id }`,
  Post: `id type status visibility content tags likesCount commentsCount repostsCount createdAt
    publishedAt editedAt scheduledFor deletedAt thumbnailUrl viewerCanEdit viewerHasLiked viewerHasBookmarked viewerHasReposted
    viewerRepost { id comment } author { id username viewerFollows profile { id displayName avatarUrl visibility } } media { ...MediaCard }`,
  Repost: "id comment createdAt user { id username } post { id }",
  Privacy: "id profileVisibility allowMessagesFrom showFollowers discoverableInFeeds",
  Profile: `id displayName bio age location website visibility avatarUrl avatar { id } user { id username }
    background { type position value media { id } } music { autoplay volume loop url media { id } } layout { columns width spacing header }
    style { fonts { heading body } colors { text background accent link } sizes { text heading radius } }`,
  ProfileVersion: "id number isCurrent layout { columns width spacing header } sections { __typename id type title isVisible }",
  Session: "id userAgent address createdAt isCurrent",
  StaticSection: "__typename id type title description isVisible content { id type title content url media { id } }",
  Storage: "id used quota reserved images videos audio other available percentage warningLevel",
  Upload: "id status method url headers { name value } expiresAt mimeType sizeBytes failureCode createdAt media { id }",
  User: "id username createdAt viewerFollows followsViewer isFriend viewerFollowRequest { id } followRequestToViewer { id } profile { ...ProfileCard }",
  UserList: "id name description isPublic membersCount createdAt updatedAt viewerCanEdit owner { id username }",
  Viewer: `id username status email emailVerified unreadNotificationCount followRequestCount user { ...UserCard }
    storage { ...StorageCard } privacy { ...PrivacyCard } settings { ...AccountSettingsCard }`,
};

const SECTIONS = `sections { __typename id type title description isVisible
  ... on StaticSection { content { id type title content url media { id } } }
  ... on PeopleSection { limit shape ${people("users", 13)} }
  ... on PostsSection { limit ${paged("posts", "...PostCard", 5)} }
  ... on GallerySection { columns ${paged("media", "...MediaCard", 10)} } }`;

const FEED_POSTS = paged("posts", "...PostCard", 10);

// The lists of screens, which a mutation may ask for, too.
export const LISTS = {
  conversations: paged("conversations", "...ConversationCard", 50),
  blocked: paged("blocked", "...BlockedUserCard", 50),
  bookmarks: paged("bookmarks", "...PostCard", 50),
  deletedPosts: paged("deletedPosts", "...PostCard", 10),
  drafts: paged("drafts", "...PostCard", 10),
  scheduled: paged("scheduled", "...PostCard", 10),
  feedPosts: FEED_POSTS,
  feeds: `feeds { ...FeedCard ${FEED_POSTS} }`,
  feedsInOrder: "feeds { ...FeedCard }",
  followers: people("followers"),
  following: people("following"),
  friends: people("friends"),
  friendRequests: people("friendRequests", 10),
  knownFollowers: people("knownFollowers", 20),
  mutualFriends: people("mutualFriends", 20),
  suggestions: people("suggestions", 10),
  viewerLists: "viewerLists { ...UserListCard }",
  followRequests: paged("followRequests", "...FollowRequestCard", 50),
  sentFollowRequests: paged("sentFollowRequests", "...FollowRequestCard", 50),
  likers: people("likers"),
  lists: paged("lists", "...UserListCard", 50),
  members: people("members", 50),
  muted: people("muted"),
  muteWords: "muteWords { ...MuteWordCard }",
  notifications: paged("notifications", "...NotificationCard", 100),
  uploads: "uploads { ...UploadCard }",
  unread: `unread: ${paged("notifications", "...NotificationCard", 100).replace("first: 100", "first: 100, unreadOnly: true")}`,
  likersOfComment: people("likers", 5),
  reposters: people("reposters", 20),
  reposts: paged("reposts", "...PostCard", 20),
  repostsOfPost: paged("reposts", "...RepostCard", 20),
  replies: paged("replies", "...CommentCard", 5),
  sections: SECTIONS,
  profileVersions: "profileDraft { ...ProfileVersionCard } profileVersions { ...ProfileVersionCard }",
  sessions: paged("sessions", "...SessionCard", 50),
};

export const COMMENTS = paged("comments", `...CommentCard ${LISTS.replies}`, 10);

export const SCREENS = {
  profile: `query Profile($name: String!) { user(username: $name) { ...UserCard } }`,
  sections: `query Sections($name: String!) { user(username: $name) { id ${SECTIONS} } }`,
  posts: `query Posts($name: String!) { user(username: $name) { id ${paged("posts", "...PostCard", 20)} } }`,
  reposts: `query Reposts($name: String!) { user(username: $name) { id ${LISTS.reposts} } }`,
  people: `query People($name: String!) { user(username: $name) { id ${people("followers")} ${people("following")} ${people("friends")} } }`,
  circle: `query Circle($name: String!) { user(username: $name) { id ${LISTS.knownFollowers} ${LISTS.mutualFriends} ${LISTS.viewerLists} } }`,
  friendRequests: `query FriendRequests { viewer { id ${LISTS.friendRequests} } }`,
  suggestions: `query Suggestions { viewer { id ${LISTS.suggestions} } }`,
  post: `query Post($id: ID!) { post(id: $id) { ...PostCard viewerHasSeen ${COMMENTS} ${LISTS.likers} ${LISTS.reposters} ${LISTS.repostsOfPost} } }`,
  home: `query Home { ${paged("homeFeed", "...PostCard", 30)} }`,
  feeds: `query Feeds { viewer { id ${LISTS.feeds} } }`,
  viewer: "query Viewer { viewer { ...ViewerCard } }",
  sessions: `query Sessions { viewer { id ${LISTS.sessions} } }`,
  blocked: `query Blocked { viewer { id ${LISTS.blocked} } }`,
  bookmarks: `query Bookmarks { viewer { id ${LISTS.bookmarks} } }`,
  deletedPosts: `query DeletedPosts { viewer { id ${LISTS.deletedPosts} } }`,
  drafts: `query Drafts { viewer { id ${LISTS.drafts} } }`,
  scheduled: `query Scheduled { viewer { id ${LISTS.scheduled} } }`,
  requests: `query Requests { viewer { id ${LISTS.followRequests} ${LISTS.sentFollowRequests} } }`,
  profileVersions: `query ProfileVersions { viewer { id ${LISTS.profileVersions} } }`,
  lists: `query Lists { viewer { id ${LISTS.lists} } }`,
  list: `query List($id: ID!) { list(id: $id) { ...UserListCard ${LISTS.members} } }`,
  muted: `query Muted { viewer { id ${LISTS.muted} } }`,
  muteWords: `query MuteWords { viewer { id ${LISTS.muteWords} } }`,
  conversations: `query Conversations { viewer { id ${LISTS.conversations} } }`,
  messages: `query Messages($id: ID!) { node(id: $id) { ... on Conversation { ...ConversationCard ${paged("messages", "...MessageCard", 50)} } } }`,
  notifications: `query Notifications { viewer { id ${LISTS.notifications} } }`,
  uploads: `query Uploads { viewer { id ${LISTS.uploads} } }`,
  unread: `query Unread { viewer { id ${LISTS.unread} } }`,
};

// A document with the fragments that it uses.
export function complete(document) {
  const needed = new Set();
  const look = (text) => {
    for (const [, name] of text.matchAll(/\.\.\.(\w+)Card/g)) {
      if (!needed.has(name)) needed.add(name) && look(CARDS[name]);
    }
  };
  look(document);
  return [document, ...[...needed].map((name) => `fragment ${name}Card on ${name} { ${CARDS[name]} }`)].join("\n");
}

const mutations = buildClientSchema(schema).getMutationType().getFields();

// A mutation with all that its payload offers, and `more` of its objects: { user: "followers", … }.
export function mutationOf(name, more = {}) {
  const select = ({ name: field, type: wrapped }) => {
    const type = getNamedType(wrapped);
    if (isLeafType(type)) return field;
    if (field === "userErrors") return "userErrors { code message field }";
    if (type.name.endsWith("Edge")) return `${field} { cursor node { ...${getNamedType(type.getFields().node.type).name}Card } }`;
    if (!CARDS[type.name]) throw new Error(`no fragment for ${name}.${field}: ${type}`);
    return `${field} { ...${type.name}Card ${more[field] ?? ""} }`;
  };
  const [input] = mutations[name].args;
  const fields = Object.values(getNamedType(mutations[name].type).getFields()).map(select).join(" ");
  const head = input ? [`($input: ${input.type})`, "(input: $input)"] : ["", ""];
  return complete(`mutation ${name[0].toUpperCase()}${name.slice(1)}${head[0]} { ${name}${head[1]} { ${fields} } }`);
}
