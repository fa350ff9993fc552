// What every page has to be: readable by everybody, within the screen, and without a fault in the console.
import { readFile } from "node:fs/promises";
import { test as base, expect } from "@playwright/test";
import { startHub } from "./hub.mjs";

const AXE = await readFile(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

export { expect };
export const PASSWORD = "poranna kawa z Zosią";

/** Every page that an address alone opens; the phone is the demo's. */
export const PAGES = ["/", "/settings", "/settings/users", "/settings/tokens", "/settings/keys", "/settings/webhooks", "/settings/jobs", "/settings/recovery",
  "/settings/audit", "/setup", "/demo/phone", "/chat", "/contacts", "/auto-reply", "/ai", "/ai/guards", "/ai/receipts", "/ai/playground",
  "/ai/cases", "/listeners", "/consents", "/news", "/news/build", "/news/import"];

/** A hub for each test file, and a page that notes the browser's complaints. */
export const test = base.extend({
  mode: ["configured", { option: true, scope: "worker" }],
  environment: [{}, { option: true, scope: "worker" }],
  // A worker runs one file after another: what one did must not be there for the next, nor its link be used up.
  running: [async ({}, use) => {
    const running = { file: undefined, hub: undefined };
    await use(running);
    await running.hub?.stop();
  }, { scope: "worker" }],
  hub: async ({ running, mode, environment }, use, { file }) => {
    if (running.file !== file) {
      await running.hub?.stop();
      running.hub = await startHub(mode === "demo" ? ["--demo"] : [], environment);
      running.file = file;
    }
    await use(running.hub);
  },
  page: async ({ page }, use) => {
    const complaints = [];
    page.on("console", (message) => {
      // A refused form is answered with a status of its own, which the browser repeats; so it does with the test's
      // own cut of the connection.
      const expected = /status of 4\d\d|Status Error Code 4\d\d|ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)/;
      if (message.type() === "error" && !expected.test(message.text())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await use(page);
    expect(complaints, "the console is quiet: nothing inline, nothing missing").toEqual([]);
  },
});

/** No serious or critical finding, in both themes unless told otherwise. */
export async function isAccessible(page, themes = ["light", "dark"]) {
  // Through the debugger: the page's own policy forbids foreign scripts, as it should.
  await page.evaluate(AXE);
  for (const theme of themes) {
    await page.evaluate((value) => document.documentElement.setAttribute("data-bs-theme", value), theme);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    const bad = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = bad.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("\n")}`);
    expect(told, `${page.url()} in ${theme}`).toEqual([]);
  }
}

/** Nothing hangs out of the screen sideways. */
export async function fitsSideways(page) {
  const { content, screen } = await page.evaluate(() => (
    { content: document.documentElement.scrollWidth, screen: innerWidth }));
  expect(content, page.url()).toBeLessThanOrEqual(screen);
}

/** Through the link of the first start: the account that everything begins with. */
export async function makesFirstAccount(page, link) {
  await page.goto(link);
  await page.getByLabel("Nazwa użytkownika").fill("ewa");
  await page.getByLabel("Hasło").fill(PASSWORD);
  await page.getByRole("button", { name: "Utwórz konto i wejdź" }).click();
  await expect(page.getByRole("heading", { name: "Pierwsze kroki" })).toBeVisible();
}

export async function signIn(page, hub, name, password = PASSWORD) {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel("Nazwa użytkownika").fill(name);
  await page.getByLabel("Hasło").fill(password);
  await page.getByRole("button", { name: "Zaloguj się" }).click();
}
