// A request to follow and its answers, as two people see them whose clients change no cache: see person.mjs.
import { Person, list } from "./person.mjs";
import { asUser } from "./sign-in.mjs";

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

const nils = new Person("nils", await asUser("nils", "Vrss-demo-2026"), SCREENS.nils);
const lou = new Person("lou", await asUser("lou", "Vrss-demo-2026"), SCREENS.lou);
await nils.open();
await lou.open();
const { id } = lou.shows("person").user;

await lou.does(FOLLOW, { id });
await lou.does(UNFOLLOW, { id });
await lou.does(FOLLOW, { id });
const asked = lou.shows("person").user;

await nils.open();
const next = `query ($after: String) { viewer { id ${list("followRequests", REQUEST, "first: 2, after: $after")} } }`;
await nils.scroll("requests", next, ({ viewer }) => viewer.followRequests);
const waiting = nils.shows("requests").viewer.followRequests.edges.map(({ node }) => [node.requester.username, node.id]);
const requests = Object.fromEntries(waiting);
await nils.does(answer("approveFollowRequest"), { id: requests.lou });
const follower = nils.shows("asker").user;
await nils.does(answer("rejectFollowRequest"), { id: requests.jonas });
const left = nils.shows("requests").viewer;

await lou.open();
const after = lou.shows("person").user;
console.log(
  JSON.stringify({
    steps: [...lou.seen, ...nils.seen],
    asked: [asked.viewerFollows, asked.viewerFollowRequest !== null],
    waiting: waiting.map(([name]) => name),
    follower: [follower.followsViewer, follower.followRequestToViewer],
    left: [left.followRequestCount, left.followRequests.edges.map(({ node }) => node.requester.username)],
    after: [after.viewerFollows, after.viewerFollowRequest, lou.shows("requests").viewer.sentFollowRequests.edges.length],
  }),
);
process.exit();
