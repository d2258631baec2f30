// Uses GraphiQL as a person would, in headless Chromium, and prints what it saw.
import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium, { inflate, setupLambdaEnvironment } from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";

const [url, token] = process.argv.slice(2);
const PATIENCE = { timeout: 60_000 };

// The libraries that Chromium needs come in its package too, so that the machine need not have them.
if (!existsSync(join(tmpdir(), "al2023"))) {
  await inflate(join(import.meta.dirname, "node_modules/@sparticuz/chromium/bin/al2023.tar.br"));
}
setupLambdaEnvironment(join(tmpdir(), "al2023", "lib"));

const executablePath = await chromium.executablePath();
// So do its fonts; but its own list of folders has /tmp/fonts alone, and without any font it ends at once.
const fonts = join(tmpdir(), "fonts.conf");
writeFileSync(fonts, `<fontconfig><dir>${join(tmpdir(), "fonts")}</dir><cachedir>${tmpdir()}</cachedir></fontconfig>`);
process.env.FONTCONFIG_FILE = fonts;

const browser = await puppeteer.launch({
  executablePath,
  headless: "shell",
  args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 900 });
  const seen = { requests: [], complaints: [] };
  page.on("request", (request) => seen.requests.push(request.url().slice(0, 200)));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));

  await page.goto(url, { waitUntil: "networkidle0", ...PATIENCE });
  const editor = async (name) => {
    await page.waitForSelector(`.graphiql-${name} .view-lines`, PATIENCE);
    for (const found of await page.$$(`.graphiql-${name} .view-lines`)) {
      if (await found.isVisible()) return found.click();
    }
  };
  const pressed = async (key) => {
    await page.keyboard.down("Control");
    await page.keyboard.press(key);
    await page.keyboard.up("Control");
  };
  const replace = async (text) => {
    await pressed("a");
    await page.keyboard.press("Backspace");
    await page.keyboard.type(text);
  };

  // The schema has come when the editor offers its fields.
  await editor("query-editor");
  await replace("{ homeF");
  await pressed("Space");
  const offered = await page.waitForSelector(".suggest-widget.visible .monaco-list-row", PATIENCE);
  seen.offered = await offered.evaluate((row) => row.getAttribute("aria-label"));
  await page.keyboard.press("Enter");
  await page.keyboard.type("(first: 3) { nodes { id content");
  // The editor shows what was typed when it comes to it.
  await page.waitForFunction(
    () => document.querySelector(".graphiql-query-editor .view-lines").textContent.includes("content"),
    PATIENCE,
  );
  seen.query = await page.$eval(".graphiql-query-editor .view-lines", (lines) => lines.textContent.replaceAll("\u00a0", " "));

  await page.keyboard.press("Escape");

  // The token goes into the headers, as the page itself says.
  await editor("editor-tool");
  await replace(`{ "Authorization": "Bearer ${token}`);
  await pressed("Enter");
  await page.waitForFunction(
    () => document.querySelector(".graphiql-response .view-lines")?.textContent.includes('"homeFeed"'),
    PATIENCE,
  );
  seen.answer = await page.$eval(".graphiql-response .view-lines", (lines) => lines.textContent.replaceAll("\u00a0", " "));
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
