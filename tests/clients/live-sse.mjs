// npm's graphql-sse watches messages. Prints the first two, and what a query answers.
import { createClient } from "graphql-sse";
import { asUser, request } from "./sign-in.mjs";

const SEND = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { userErrors { code } } }";
const [ada, ben] = await Promise.all(["ada", "ben"].map((name) => asUser(name, "Vrss-demo-2026")));
const me = (await request("{ viewer { user { id } } }", {}, ada)).viewer.user.id;
const client = createClient({ url: process.env.GRAPHQL_URL, headers: { authorization: `Bearer ${ada}` }, retryAttempts: 0 });
const events = client.iterate({ query: "subscription { messageAdded { kind message { content } } }" });
const first = events.next();
await new Promise((done) => setTimeout(done, 1000));
for (const content of ["one", "two"]) {
  await request(SEND, { input: { recipientId: me, content } }, ben);
}
const got = [(await first).value, (await events.next()).value];
if (!got[0].data) console.error(JSON.stringify(got));
const seen = got.map(({ data }) => data.messageAdded.message.content);
const asked = (await client.iterate({ query: "{ viewer { user { username } } }" }).next()).value.data.viewer.user.username;
console.log(JSON.stringify({ seen, asked }));
process.exit(0);
