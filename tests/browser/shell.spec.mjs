// The frame of every page: navigation, language, theme, automation, phone width, and life without scripts.
import { test, expect, isAccessible, fitsSideways, PAGES } from "./page.mjs";

test.use({ mode: "demo" });

/** The one-time link works once: the worker's tests share what it opened. */
let cookies;
test.beforeEach(async ({ page, hub, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await page.goto(hub.link);
  await expect(page.locator(".hub-menu")).toBeVisible();
  cookies = await context.cookies();
});

test("every page is readable in both themes and languages and fits from 320 px up", async ({ page, hub }) => {
  test.setTimeout(480_000);
  for (const language of ["en", "pl"]) {
    await page.request.post(`${hub.url}/settings/preferences`, { form: { language } });
    for (const path of PAGES) {
      await page.goto(hub.url + path);
      for (const width of [1440, 820, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await fitsSideways(page);
      }
      // Colours don't depend on the language: one theme is enough for the other language's words.
      await isAccessible(page, language === "pl" ? ["light", "dark"] : ["light"]);
    }
  }
});

test("targets are large enough and focus is seen", async ({ page, hub }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(hub.url);
  for (const target of await page.locator("a:visible, button:visible, summary:visible").all()) {
    const box = await target.boundingBox();
    if (box && !(await target.evaluate((node) => node.classList.contains("hub-skip")))) {
      expect(Math.min(box.width, box.height), await target.innerText()).toBeGreaterThanOrEqual(24);
    }
  }
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Przejdź do treści" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
});

test("language and theme follow the person", async ({ page, hub }) => {
  await page.goto(`${hub.url}/settings`);
  await page.locator(".hub-menu > summary").click();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await page.locator(".hub-menu > summary").click();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
  await page.getByLabel("Theme", { exact: true }).selectOption("system");
  await page.getByLabel("Language", { exact: true }).selectOption("pl");
  await page.getByRole("button", { name: "Save" }).click();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect(page.locator("html")).toHaveAttribute("data-bs-theme", "light");
});

test("one click stops automation and tells, one more resumes it", async ({ page, hub }) => {
  await page.goto(hub.url);
  const automation = page.getByRole("switch", { name: "Automat" });
  await automation.click();
  await expect(automation).toHaveAttribute("aria-checked", "false");
  await expect(page.locator("#toasts")).toContainText("Automatyczne odpowiedzi są wyłączone, także te, które czekały na wysłanie.");
  await isAccessible(page);
  await automation.click();
  await expect(automation).toHaveAttribute("aria-checked", "true");
});

test("a lost connection is shown and its return too", async ({ page, hub, context }) => {
  await page.goto(hub.url);
  await context.setOffline(true);
  await expect(page.locator("#connection")).toHaveText("Brak połączenia, ponawiam");
  await context.setOffline(false);
  await expect(page.locator("#connection")).toHaveText("");
});

test("menus close by Escape and give the focus back", async ({ page, hub }) => {
  await page.goto(hub.url);
  const menu = page.locator(".hub-menu > summary");
  await menu.click();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await expect(page.locator(".hub-menu")).not.toHaveAttribute("open", "");
  await expect(menu).toBeFocused();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("one reads, writes, switches and signs out", async ({ page, hub }) => {
    await page.goto(`${hub.url}/demo/phone`);
    await page.getByLabel("Treść SMS-a").fill("Bez skryptów też działa");
    await page.getByRole("button", { name: "Wyślij" }).click();
    await expect(async () => {
      await page.goto(hub.url);
      await expect(page.getByText("Echo: Bez skryptów też działa")).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.getByRole("switch", { name: "Automat" }).click();
    await expect(page.getByText("Automatyczne odpowiedzi są wyłączone, także te, które czekały na wysłanie.")).toBeVisible();
    await page.getByRole("switch", { name: "Automat" }).click();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator(".hub-bar summary").click();
    await page.getByRole("link", { name: "Ustawienia" }).click();
    await expect(page.getByRole("heading", { name: "Moje konto" }).or(page.getByRole("heading", { name: "Ustawienia" }))).toBeVisible();
    await page.locator(".hub-menu > summary").click();
    await page.getByRole("button", { name: "Wyloguj się" }).click();
    await expect(page).toHaveURL(`${hub.url}/sign-in`);
  });
});

test("the first visit loads less than 150 KB", async ({ page, hub, context }) => {
  const session = await context.newCDPSession(page);
  let bytes = 0;
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(`${hub.url}/sign-in`, { waitUntil: "networkidle" });
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(150_000);
});
