// Uses GraphiQL in development, at 1280 × 800: a sign-in with one click, an example, headers over a reload.
import { using } from "./chromium.mjs";

const [url] = process.argv.slice(2);
const size = { width: 1280, height: 800 };

await using(url, size, async (person, seen) => {
  const { page } = person;
  seen.examples = await page.$$eval("#examples option:not(:disabled)", (all) =>
    all.map(({ value, textContent }) => [value, textContent]),
  );
  seen.people = await page.$$eval("#account button", (buttons) => buttons.map(({ name }) => name));
  await person.status("Signed out");

  await page.click('#account button[name="ada"]');
  await person.status("Signed in as ada");
  await person.write("{ viewer { username");
  seen.viewer = await person.run('"username"');

  await page.select("#examples", "post-page");
  seen.example = await person.text("query-editor", "query PostPage");
  seen.variables = await person.text("editor-tool", '"comments"');
  await person.edit("query-editor");
  seen.post = await person.run('"post"');
  seen.tabs = await page.$$eval(".graphiql-tab-button", (tabs) => tabs.map(({ textContent }) => textContent));
  await page.select("#examples", "post-page");
  seen.tabsAgain = await page.$$eval(".graphiql-tab-button", (tabs) => tabs.map(({ textContent }) => textContent));

  await person.tool("headers");
  await person.edit("editor-tool");
  await person.replace('{ "X-Request-Id": "kept-over-a-reload');
  await page.waitForFunction(() => localStorage.getItem("graphiql:tabState").includes("kept-over-a-reload"));
  await page.select("#examples", "feeds");
  await person.text("query-editor", "query FeedSwitcher");
  seen.headersOfNewTab = await person.text("editor-tool", "X-Request-Id");
  await page.select("#examples", "post-page");
  // GraphiQL stores what is there half a second later.
  await page.waitForFunction(() => {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem("graphiql:tabState"));
    const query = localStorage.getItem("graphiql:query");
    return tabs.length === 4 && tabs[activeTabIndex].title === "PostPage" && query.includes("query PostPage");
  });
  await page.reload({ waitUntil: "networkidle0" });
  await person.status("Signed in as ada");
  await person.tool("headers");
  seen.headers = await person.text("editor-tool", "kept-over-a-reload");
  seen.reloaded = await person.text("query-editor", "query PostPage");

  seen.cutOff = await cutOff(page, "the page");
  await page.click('.graphiql-sidebar button[aria-label*="Documentation"]');
  await page.waitForSelector(".graphiql-doc-explorer-search input");
  await page.waitForSelector("a.graphiql-doc-explorer-type-name"); // the schema is there, and will be completed from
  seen.cutOff.push(...(await cutOff(page, "the documentation")));
  seen.search = await page.$eval(".graphiql-doc-explorer-search input", placeholder);
  await person.write("mutation { update");
  const offered = await page.waitForSelector(".suggest-widget.visible .monaco-list-row");
  seen.offered = await offered.$eval(".monaco-icon-label-container", ({ textContent }) => textContent);
  seen.cutOff.push(...(await cutOff(page, "the hints")));
  await person.press("Space");
  await page.waitForSelector(".suggest-details");
  seen.cutOff.push(...(await cutOff(page, "the hints with their description")));
  await page.keyboard.press("Escape");

  await page.click('#account button[name="sign-out"]');
  await person.status("Signed out");
  await person.write("{ viewer { username");
  seen.signedOut = await person.run('"viewer": null');
});

/** How wide the placeholder is, and the room that there is for it. */
function placeholder(input) {
  const style = getComputedStyle(input);
  const context = document.createElement("canvas").getContext("2d");
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return { text: input.placeholder, isWhole: context.measureText(input.placeholder).width <= room };
}

/** What is beyond the window, or does not show the whole of its text, once the editors have laid out their lines. */
async function cutOff(page, where) {
  const found = () => page.evaluate(findCutOff).then((all) => all.map((one) => `${where}: ${one}`));
  return page.waitForFunction(`(${findCutOff})().length === 0`, { timeout: 10_000 }).then(() => [], found);
}

function findCutOff() {
  const beyond = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const isParked = right < 0; // as GraphiQL hides a pane
    return !isParked && (left < 0 || top < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5);
  };
  // Something else, or nothing, is seen where the corner of the hints should be.
  const hidden = (element) => {
    const { right, bottom } = element.getBoundingClientRect();
    return !element.contains(document.elementFromPoint(right - 4, bottom - 4));
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
  return [
    ...all("#bar *, .graphiql-sidebar, .graphiql-plugin, .graphiql-sessions, .graphiql-toolbar button").filter(beyond),
    ...all(".graphiql-query-editor .view-lines").filter(
      (lines) => lines.offsetWidth > lines.closest(".monaco-scrollable-element").offsetWidth,
    ),
    ...all(".suggest-widget.visible, .suggest-details").filter((widget) => beyond(widget) || hidden(widget)),
    ...all(".suggest-widget.visible .left .monaco-icon-label-container").filter(
      (label) => label.scrollWidth > label.clientWidth,
    ),
    ...all(".graphiql-doc-explorer, .graphiql-doc-explorer-content").filter((one) => one.scrollWidth > one.clientWidth),
    ...[document.documentElement].filter((root) => root.scrollWidth > innerWidth || root.scrollHeight > innerHeight),
  ].map((element) => `${element.tagName} ${element.className} ${element.scrollWidth}x${element.scrollHeight}`);
}
