// The inbox as people work in it: a customer writes, an operator answers, takes over, sends again; live, by keys, on a
// phone, without scripts, and with texts that mean harm.
import { test, expect, isAccessible, fitsSideways } from "./page.mjs";

test.use({ mode: "demo" });
test.describe.configure({ mode: "serial" });

const ANNA = "+48500100200", PIOTR = "+48500100201", EWA = "+48500100202";
/** A phone of the simulator that is switched off. */
const OFF = "+15005550303";

let cookies;
test.beforeEach(async ({ page, hub, context }) => {
  if (!cookies) {
    await page.goto(hub.link);
    cookies = await context.cookies();
    await page.request.post(`${hub.url}/automation`, { form: { on: "false" } });
  }
  await context.addCookies(cookies);
});

const writes = (page, hub, phone, body) => page.request.post(`${hub.url}/demo/phone`, { form: { phone, body } });
const row = (page, name) => page.locator("#chat-people > li").filter({ hasText: name });
const bubble = (page, text) => page.locator("#chat-log .chat-bubble").filter({ hasText: text });

test("a customer writes, the conversation appears, an answer is delivered", async ({ page, hub }) => {
  await page.goto(`${hub.url}/chat`);
  await expect(page.getByText("Jeszcze cisza")).toBeVisible();
  await isAccessible(page);
  await writes(page, hub, ANNA, "Dzień dobry, czy paczka już wyszła?");
  await expect(row(page, "+48 500 100 200")).toContainText("Dzień dobry, czy paczka już wyszła?");
  await row(page, "+48 500 100 200").click();
  await expect(page).toHaveURL(`${hub.url}/chat/${ANNA}`);
  await expect(bubble(page, "czy paczka już wyszła")).toBeVisible();

  const field = page.getByLabel("Napisz wiadomość");
  await field.fill("Tak, jest u kuriera.");
  await expect(page.locator("#chat-meter")).toContainText("GSM-7 · 20 · 1 segm. · ~0,04 USD");
  await page.getByRole("button", { name: "Wyślij" }).click();
  await expect(page.locator(".chat-bubble").filter({ hasText: "u kuriera" })).toBeVisible({ timeout: 1000 });
  await expect(field).toHaveValue("");
  await expect(bubble(page, "u kuriera")).toContainText("doręczona");
  await expect(page.locator(".chat-bubble").filter({ hasText: "u kuriera" })).toHaveCount(1);
  // Whoever answers is in charge.
  await expect(page.locator('#chat-mode [aria-pressed="true"]')).toContainText("Człowiek do");
  await isAccessible(page);
});

test("the conversation is taken over and handed back", async ({ page, hub }) => {
  await writes(page, hub, PIOTR, "Halo");
  await expect(async () => { await page.goto(`${hub.url}/chat/${PIOTR}`); await expect(bubble(page, "Halo")).toBeVisible({ timeout: 500 }); }).toPass();
  const pressed = page.locator('#chat-mode [aria-pressed="true"]');
  await expect(pressed).toHaveText("Automat");
  await page.getByRole("button", { name: "Człowiek" }).click();
  await expect(pressed).toContainText("Człowiek do");
  await expect(row(page, "+48 500 100 201")).toContainText("Człowiek");
  await writes(page, hub, PIOTR, "Jest tam kto?");
  await expect(page.locator(".chat-strip")).toContainText("Czeka na odpowiedź");
  await page.getByRole("button", { name: "Załatwione" }).click();
  await expect(page.locator(".chat-strip")).toHaveCount(0);
  await page.getByRole("button", { name: "Automat", exact: true }).click();
  await expect(pressed).toHaveText("Automat");
});

test("a message that did not arrive says why and is sent again", async ({ page, hub }) => {
  await page.goto(`${hub.url}/chat`);
  await page.getByTitle("Nowa rozmowa").click();
  await page.getByLabel("Numer telefonu").fill(OFF);
  await page.getByRole("button", { name: "Napisz" }).click();
  await page.getByLabel("Napisz wiadomość").fill("Paczka czeka w punkcie");
  await page.getByRole("button", { name: "Wyślij" }).click();
  await expect(bubble(page, "Paczka czeka")).toContainText("niedoręczona");
  await expect(bubble(page, "Paczka czeka")).toContainText("(30003)");
  await isAccessible(page);
  await page.getByRole("button", { name: "Ponów" }).click();
  await expect(bubble(page, "Paczka czeka")).toHaveCount(2);
  await expect(bubble(page, "Paczka czeka").first()).toContainText("Ponowiona niżej");
  await expect(bubble(page, "Paczka czeka").last()).toContainText("niedoręczona");
  await page.goto(`${hub.url}/chat?view=failed`);
  await expect(page.locator("#chat-people > li")).toHaveCount(1);
  await page.locator(".chat-row").click();
  await bubble(page, "Paczka czeka").last().locator("[data-details]").click();
  await expect(page.getByRole("dialog")).toContainText("Twilio przyjęło wiadomość");
  await expect(page.getByRole("dialog")).toContainText("niedoręczona");
  await isAccessible(page);
});

test("two browsers see the same at once", async ({ page, hub, browser }) => {
  await writes(page, hub, EWA, "Pytanie o zwrot");
  await expect(async () => { await page.goto(`${hub.url}/chat/${EWA}`); await expect(bubble(page, "o zwrot")).toBeVisible({ timeout: 500 }); }).toPass();
  const other = await browser.newContext({ locale: "pl-PL" });
  await other.addCookies(cookies);
  const hers = await other.newPage();
  await hers.goto(`${hub.url}/chat/${EWA}`);
  await page.getByLabel("Napisz wiadomość").fill("Zwrot przyjęty");
  await page.keyboard.press("Control+Enter");
  await expect(bubble(hers, "Zwrot przyjęty")).toContainText("doręczona");
  await writes(page, hub, EWA, "Dziękuję!");
  await Promise.all([page, hers].map((seen) => expect(bubble(seen, "Dziękuję!")).toBeVisible()));
  // A draft is kept for whoever opens the thread next.
  const saved = page.waitForResponse((response) => response.url().endsWith("/draft") && response.ok());
  await page.getByLabel("Napisz wiadomość").fill("Pieniądze wrócą w");
  await saved;
  await hers.reload();
  await expect(hers.getByLabel("Napisz wiadomość")).toHaveValue("Pieniądze wrócą w");
  await page.getByLabel("Napisz wiadomość").fill("");
  await other.close();
});

test("a text survives a lost connection and leaves when it is back", async ({ page, hub, context }) => {
  await page.goto(`${hub.url}/chat/${EWA}`);
  await context.setOffline(true);
  await page.getByLabel("Napisz wiadomość").fill("Napisane w tunelu");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator("#chat-pending")).toContainText("Napisane w tunelu");
  await expect(page.locator("#chat-pending")).toContainText("czeka w tej przeglądarce");
  await context.setOffline(false);
  await expect(bubble(page, "Napisane w tunelu")).toContainText("doręczona");
  await expect(page.locator("#chat-pending .chat-bubble")).toHaveCount(0);
});

test("letters that make a text dear are named and folded by one key", async ({ page, hub }) => {
  await page.goto(`${hub.url}/chat/${EWA}`);
  const field = page.getByLabel("Napisz wiadomość");
  const long = "Zażółć gęślą jaźń i prześlij potwierdzenie, że odebrałaś swoją paczkę wczoraj";
  await field.fill(long);
  await expect(page.locator("#chat-meter")).toContainText("UCS-2 · 77 · 2 segm. · ~0,08 USD");
  await expect(page.locator("#chat-meter")).toContainText("wymusza Unicode: ż ó ł");
  await page.keyboard.press("Alt+p");
  await expect(field).toHaveValue(/^Zazo.c gesla jazn/);
  await expect(page.locator("#chat-meter")).toContainText("GSM-7 · 77 · 1 segm.");
  await page.keyboard.press("Alt+p");
  await expect(field).toHaveValue(long);
  await field.fill("");
});

test("everything is done by keys", async ({ page, hub }) => {
  await page.goto(`${hub.url}/chat`);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("następna / poprzednia rozmowa");
  await isAccessible(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/chat\/\+/);
  await page.keyboard.press("r");
  await page.keyboard.type("jturk?/");
  await expect(page.getByLabel("Napisz wiadomość")).toHaveValue("jturk?/");
  await page.getByLabel("Napisz wiadomość").fill("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("u");
  await expect(page.locator(".chat-row[aria-current] .chat-unread")).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.locator('#chat-mode [aria-pressed="true"]')).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("paczk");
  await page.keyboard.press("Enter");
  await expect(page.locator(".chat-hit").first()).toContainText("aczk");
  await page.goto(`${hub.url}/chat/${EWA}`);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(`${hub.url}/chat`);
});

test("who opted out is locked, and comes back with a consent", async ({ page, hub }) => {
  await writes(page, hub, PIOTR, "STOP");
  await expect(async () => { await page.goto(`${hub.url}/chat/${PIOTR}`); await expect(page.locator(".chat-locked")).toBeVisible({ timeout: 500 }); }).toPass();
  await expect(page.getByLabel("Napisz wiadomość")).toHaveCount(0);
  await isAccessible(page);
  await page.getByText("Zapisz nową zgodę").first().click();
  await page.getByLabel("Na czym opiera się zgoda").fill("Rozmowa telefoniczna");
  const saved = page.waitForResponse((response) => response.url().endsWith("/consent"));
  await page.getByRole("button", { name: "Zapisz nową zgodę" }).click();
  await saved;
  await page.reload();
  await expect(page.getByLabel("Napisz wiadomość")).toBeVisible();
});

test("a phone shows one pane at a time", async ({ page, hub }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${hub.url}/chat`);
  await fitsSideways(page);
  await row(page, "+48 500 100 200").click();
  await expect(page.locator("#chat-list")).toBeHidden();
  await expect(page.getByLabel("Napisz wiadomość")).toBeInViewport();
  await expect(bubble(page, "u kuriera")).toBeInViewport();
  await fitsSideways(page);
  await isAccessible(page);
  await page.getByRole("link", { name: "Wróć do listy rozmów" }).click();
  await expect(page.locator("#chat-list")).toBeVisible();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("one reads, sends, takes over, names and marks", async ({ page, hub }) => {
    await page.goto(`${hub.url}/chat`);
    await page.getByRole("link", { name: "+48 500 100 200" }).click();
    await expect(bubble(page, "u kuriera")).toBeInViewport();
    await page.getByLabel("Napisz wiadomość").fill("Wysłane bez skryptów");
    await page.getByRole("button", { name: "Wyślij" }).click();
    await expect(bubble(page, "Wysłane bez skryptów")).toBeVisible();
    await page.getByRole("button", { name: "Automat", exact: true }).click();
    await expect(page.getByText("Zmieniono, kto prowadzi rozmowę.")).toBeVisible();
    await page.getByLabel("Nazwa").fill("Anna Zięba");
    await page.getByRole("button", { name: "Zapisz", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Anna Zięba" })).toBeVisible();
    await page.goto(`${hub.url}/contacts?q=zieb`);
    await expect(page.getByRole("link", { name: "Anna Zięba" })).toBeVisible();
  });

  test("everything said with a person is deleted after a question", async ({ page, hub }) => {
    await page.goto(`${hub.url}/chat/${ANNA}`);
    await page.getByRole("link", { name: "Usuń rozmowę" }).click();
    await page.getByRole("link", { name: "Anuluj" }).click();
    await expect(bubble(page, "u kuriera")).toBeVisible();
    await page.getByRole("link", { name: "Usuń rozmowę" }).click();
    await page.getByRole("button", { name: "Tak, usuń na zawsze" }).click();
    await expect(page.getByText("Rozmowa usunięta.")).toBeVisible();
    await expect(row(page, "Anna Zięba")).toHaveCount(0);
  });
});

const HOSTILE = [
  `"><img src=x onerror=alert(1)>`, `<script>alert(1)</script>`, `'-alert(1)-'`, `{{7*7}}`, `\${7*7}`, `<svg/onload=alert(1)>`,
  `</textarea><script>alert(1)</script>`, `<a href="javascript:alert(1)">x</a>`, `&lt;b&gt;`, `%3Cscript%3E`, `<!--`, `]]>`,
  `<iframe srcdoc="<script>alert(1)</script>">`, `\u202Eodwrócone`, `مرحبا بالعالم`, `👨‍👩‍👧‍👦🏳️‍🌈`, `a\u0301\u0301\u0301\u0301`, `<math><mi//xlink:href="data:x,<script>alert(1)</script>">`,
  `x`.repeat(400), `" autofocus onfocus=alert(1) x="`, `<style>*{display:none}</style>`,
];

test("hostile texts show as text everywhere", async ({ page, hub }) => {
  page.on("dialog", () => { throw new Error("a script of a stranger ran"); });
  for (const text of HOSTILE) await writes(page, hub, EWA, text);
  await page.goto(`${hub.url}/chat/${EWA}`);
  for (const text of HOSTILE) await expect(page.locator("#chat-log .chat-text").getByText(text, { exact: true }).first()).toBeAttached();
  await page.getByLabel("Nazwa").fill(HOSTILE[0]);
  await page.getByRole("button", { name: "Zapisz", exact: true }).click();
  await expect(page.locator(".chat-row[aria-current] .chat-row-name")).toHaveText(HOSTILE[0]);
  await page.getByLabel("Napisz wiadomość").fill(HOSTILE[6]);
  await expect(page.locator(".chat-row[aria-current]")).toContainText("Szkic:");
  for (const path of [`/chat/${EWA}`, `/chat?q=${encodeURIComponent(HOSTILE[0])}`, `/chat/${encodeURIComponent(HOSTILE[0])}`, `/contacts?q=${encodeURIComponent(HOSTILE[0])}`, "/contacts", "/"]) {
    await page.goto(hub.url + path);
    expect(await page.locator("img[src=x], svg[onload], [onfocus], [onerror]").count(), path).toBe(0);
    await page.setViewportSize({ width: 390, height: 844 });
    await fitsSideways(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    await fitsSideways(page);
  }
  await page.goto(`${hub.url}/chat/${EWA}`);
  await isAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight), "the thread scrolls, the page stays").toBeLessThanOrEqual(0);
});
