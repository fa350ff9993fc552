// What the assistant proposes, as the person at the desk meets it: read, taken over, changed, sent, or dropped.
import { test, expect, isAccessible, fitsSideways } from "./page.mjs";

test.use({ mode: "demo" });
test.describe.configure({ mode: "serial" });

const ANNA = "+48500100200";

let cookies;
test.beforeEach(async ({ page, hub, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await page.goto(hub.link);
  cookies = await context.cookies();
  const settings = { enabled: true, draft: true, quiet_seconds: 0 };
  expect((await page.request.post(`${hub.url}/api/ai/config`, { data: settings })).ok()).toBe(true);
});

const writes = (page, hub, body) => page.request.post(`${hub.url}/demo/phone`, { form: { phone: ANNA, body } });
const sent = (page) => page.locator("#chat-log .chat-bubble.chat-mine");

test("it appears by itself, Tab takes it over, a person changes and sends it", async ({ page, hub }) => {
  await writes(page, hub, "W jakich godzinach pracujecie?");
  await expect(async () => {
    await page.goto(`${hub.url}/chat/${ANNA}`);
    await expect(page.locator("#chat-proposal")).toBeVisible({ timeout: 500 });
  }).toPass();
  await isAccessible(page);
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await fitsSideways(page);
  }
  const words = await page.locator("#chat-proposal .chat-text").textContent();
  const field = page.getByLabel("Napisz wiadomość");
  await field.focus();
  await page.keyboard.press("Tab");
  await expect(field).toHaveValue(words);
  await expect(field).toBeFocused();
  await expect(page.locator("#chat-proposal")).toHaveCount(0);
  await page.keyboard.press("End");
  await page.keyboard.type(" Zapraszamy.");
  await page.keyboard.press("Control+Enter");
  await expect(sent(page)).toContainText("Zapraszamy.");
  await expect(sent(page), "nothing but what the person sent").toHaveCount(1);
});

test("another one comes live, and Escape drops it", async ({ page, hub }) => {
  await page.request.post(`${hub.url}/inbox/1/mode`, { form: { mode: "draft" } });
  await page.goto(`${hub.url}/chat/${ANNA}`);
  await writes(page, hub, "A w jakich godzinach w soboty?");
  await expect(page.locator("#chat-proposal")).toBeVisible();
  await page.getByLabel("Napisz wiadomość").focus();
  await page.keyboard.press("Escape");
  await expect(page.locator("#chat-proposal")).toHaveCount(0);
  await page.reload();
  await expect(page.locator("#chat-proposal")).toHaveCount(0);
  await expect(sent(page)).toHaveCount(1);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  test("it is taken over by a form", async ({ page, hub }) => {
    await writes(page, hub, "A w jakich godzinach w niedziele?");
    await expect(async () => {
      await page.goto(`${hub.url}/chat/${ANNA}`);
      await expect(page.locator("#chat-proposal")).toBeVisible({ timeout: 500 });
    }).toPass();
    const words = await page.locator("#chat-proposal .chat-text").textContent();
    await page.getByRole("button", { name: "Wstaw do odpowiedzi" }).click();
    await expect(page.getByLabel("Napisz wiadomość")).toHaveValue(words);
    await page.getByRole("button", { name: "Wyślij" }).click();
    await expect(sent(page)).toHaveCount(2);
  });
});
