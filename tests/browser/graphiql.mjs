// Uses GraphiQL as a person would: completes a field, puts a token into the headers, and runs the feed.
import { using } from "./chromium.mjs";

const [url, token] = process.argv.slice(2);

await using(url, { width: 1400, height: 900 }, async (person, seen) => {
  const { page } = person;
  await person.edit("query-editor");
  await person.replace("{ homeF");
  const offered = await person.complete();
  seen.offered = await offered.evaluate((row) => row.getAttribute("aria-label"));
  await page.keyboard.press("Enter");
  await page.keyboard.type("(first: 3) { nodes { id content");
  // The editor shows what was typed when it comes to it.
  seen.query = await person.text("query-editor", "content");
  await page.keyboard.press("Escape");

  // The token goes into the headers, as the page itself says.
  await person.tool("headers");
  await person.edit("editor-tool");
  await person.replace(`{ "Authorization": "Bearer ${token}`);
  seen.answer = await person.run('"homeFeed"');
  seen.people = await page.$$eval("#account button", (buttons) => buttons.map(({ name }) => name));
});
