// npm's graphql-ws watches messages, loses its socket twice, and misses none. Prints what it has seen.
import WebSocket from "ws";
import { newLive, watch } from "./live.mjs";
import { asUser, request } from "./sign-in.mjs";

const SEND = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }";
const url = process.env.GRAPHQL_URL.replace("http", "ws");
const [ada, ben] = await Promise.all(["ada", "ben"].map((name) => asUser(name, "Vrss-demo-2026")));
const me = (await request("{ viewer { user { id } } }", {}, ada)).viewer.user.id;
const say = (content) =>
  request(SEND, { input: { recipientId: me, content } }, ben);

const sockets = [];
class Kept extends WebSocket {
  constructor(...given) {
    super(...given);
    sockets.push(this);
  }
}
const live = newLive(url, ada, { webSocketImpl: Kept, retryWait: () => new Promise((done) => setTimeout(done, 200)) });
const seen = [];
let arrived = () => {};
const query = "subscription ($after: String) { messageAdded(after: $after) { kind cursor message { content } } }";
const errors = [];
const stop = watch(live, query, "messageAdded", (event) => { seen.push(event.message.content); arrived(); }, (error) => errors.push(String(error)));
const until = async (count) => { while (seen.length < count) await new Promise((done) => { arrived = done; }); };

await new Promise((done) => setTimeout(done, 1000));
await say("0");
await until(1);
for (const round of [1, 2]) {
  sockets.at(-1).terminate();
  await say(`${round} while it was away`);
  await say(`${round} again`);
  await until(1 + 2 * round);
}
stop();
await live.dispose();
console.log(JSON.stringify({ seen, errors, sockets: sockets.length }));
process.exit(0);
