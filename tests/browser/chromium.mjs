// Headless Chromium from npm packages alone, and what a person does in GraphiQL's page.
import { existsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium, { inflate, setupLambdaEnvironment } from "@sparticuz/chromium";
import puppeteer from "puppeteer-core";

const PATIENCE = 60_000;

async function launch() {
  // The libraries that Chromium needs come in its package too, so that the machine need not have them.
  if (!existsSync(join(tmpdir(), "al2023"))) {
    await inflate(join(import.meta.dirname, "node_modules/@sparticuz/chromium/bin/al2023.tar.br"));
  }
  setupLambdaEnvironment(join(tmpdir(), "al2023", "lib"));

  const executablePath = await chromium.executablePath();
  // So do its fonts; but its own list of folders has /tmp/fonts alone, and without any font it ends at once.
  const fonts = join(tmpdir(), "fonts.conf");
  const folders = `<dir>${join(tmpdir(), "fonts")}</dir><cachedir>${tmpdir()}</cachedir>`;
  writeFileSync(fonts, `<fontconfig>${folders}</fontconfig>`);
  process.env.FONTCONFIG_FILE = fonts;
  return puppeteer.launch({
    executablePath,
    headless: "shell",
    args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
}

/** Opens `url`, lets `scenario(person, seen)` use it, and prints what it put into `seen`, with all that was complained. */
export async function using(url, size, scenario) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.setViewport(size);
    const seen = { requests: [], complaints: [] };
    page.on("request", (request) => seen.requests.push(request.url().slice(0, 200)));
    page.on("pageerror", (error) => seen.complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));
    await page.goto(url, { waitUntil: "networkidle0" });
    await scenario(new Person(page), seen);
    console.log(JSON.stringify(seen));
  } finally {
    await browser.close();
  }
}

class Person {
  constructor(page) {
    this.page = page;
  }

  /** Clicks into the visible editor of this name: query-editor or editor-tool. */
  async edit(name) {
    await this.page.waitForSelector(`.graphiql-${name} .view-lines`);
    for (const found of await this.page.$$(`.graphiql-${name} .view-lines`)) {
      if (await found.isVisible()) return found.click({ offset: { x: 20, y: 8 } });
    }
    throw new Error(`No ${name} is visible.`);
  }

  async press(key) {
    await this.page.keyboard.down("Control");
    await this.page.keyboard.press(key);
    await this.page.keyboard.up("Control");
  }

  async replace(text) {
    await this.press("a");
    await this.page.keyboard.press("Backspace");
    await this.page.keyboard.type(text);
  }

  /** Writes an operation without a name, and waits until GraphiQL has noticed: before, it runs the name that was there. */
  async write(query) {
    await this.edit("query-editor");
    await this.replace(query);
    await this.page.waitForFunction(
      () => document.querySelector(".graphiql-tab-active .graphiql-tab-button").textContent === "<untitled>",
    );
  }

  /** What the visible editor of this name holds, once it includes `expected`. */
  async text(name, expected) {
    const handle = await this.page.waitForFunction(
      (selector, part) =>
        [...document.querySelectorAll(selector)]
          .filter((lines) => lines.checkVisibility())
          .map((lines) => lines.textContent.replaceAll("\u00a0", " "))
          .find((text) => text.includes(part)),
      {},
      `.graphiql-${name} .view-lines`,
      expected,
    );
    return handle.jsonValue();
  }

  /** Runs the operation at the cursor; the answer, once it includes `expected`. */
  async run(expected) {
    await this.press("Enter");
    return this.text("response", expected);
  }

  /** The first field that is offered, once the schema is there. */
  async complete() {
    await this.press("Space");
    return this.page.waitForSelector(".suggest-widget.visible .monaco-list-row");
  }

  async tool(name) {
    await this.page.click(`.graphiql-editor-tools button[data-name="${name}"]`);
  }

  async status(expected) {
    await this.page.waitForFunction(
      (text) => document.querySelector("#account [role=status]")?.textContent === text,
      {},
      expected,
    );
  }
}
