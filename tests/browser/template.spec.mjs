// A WhatsApp template as an operator sends one: chosen, filled in with a preview, and on the customer's phone.
import { test, expect, isAccessible, fitsSideways } from "./page.mjs";

test.use({ mode: "demo" });
test.describe.configure({ mode: "serial" });

let cookies;
test.beforeEach(async ({ page, hub, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await page.goto(hub.link);
  await expect(page.locator(".hub-menu")).toBeVisible();
  cookies = await context.cookies();
});

const EWA = "whatsapp:+48500100277";

test("a first message on WhatsApp is chosen, filled in, previewed and delivered", async ({ page, hub }) => {
  await page.goto(`${hub.url}/chat/${EWA}`);
  const list = page.getByLabel("Szablon WhatsApp");
  await expect(list.locator("option")).toHaveText(["Wybierz szablon", "prosba_o_kontakt (pl)", "przypomnienie_o_wizycie (pl)", "zamowienie_gotowe (pl)"]);
  await list.selectOption("przypomnienie_o_wizycie (pl)");
  const preview = page.locator("#chat-template-preview");
  await expect(preview).toContainText("Dzień dobry, {{1}}!");
  await page.getByLabel("Pole 1").fill("Ewa");
  await page.getByLabel("Pole 2").fill("jutro");
  await expect(preview).toContainText("Dzień dobry, Ewa! Przypominamy o wizycie jutro o godz. {{3}}.");
  await expect(page.getByLabel("Pole 2")).toBeFocused();
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await fitsSideways(page);
  }
  await isAccessible(page);
  await page.getByRole("button", { name: "Wyślij szablon" }).first().click();
  await expect(page.getByLabel("Pole 3"), "an empty field keeps it here").toBeFocused();
  await page.getByLabel("Pole 3").fill("10:00");
  await page.getByRole("button", { name: "Wyślij szablon" }).first().click();
  await expect(page.locator("#chat-log")).toContainText("Szablon WhatsApp");
  await expect(page.locator("#chat-log .chat-bubble")).toContainText(/doręczona|przeczytana/);
  const { items: [sent] } = await (await page.request.get(`${hub.url}/api/messages?direction=outbound`)).json();
  const atTwilio = await page.request.get(`${hub.url}/api/messages/${sent.sid}`);
  expect(await atTwilio.text()).toContain("Dzień dobry, Ewa! Przypominamy o wizycie jutro o godz. 10:00.");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  test("pages of forms do the same", async ({ page, hub }) => {
    await page.goto(`${hub.url}/chat/${EWA}`);
    await page.getByRole("link", { name: "Wybierz szablon" }).click();
    await page.getByLabel("Szablon WhatsApp").selectOption("zamowienie_gotowe (pl)");
    await page.getByRole("button", { name: "Wybierz", exact: true }).click();
    await page.getByLabel("Pole 1").fill("147");
    await page.getByRole("button", { name: "Podgląd" }).click();
    await expect(page.locator("#chat-template-preview")).toContainText("Zamówienie 147 czeka na odbiór do godz. {{2}}.");
    await page.getByLabel("Pole 2").fill("18:00");
    await page.getByRole("button", { name: "Wyślij szablon" }).click();
    await expect(page).toHaveURL(/\/chat\//);
    await expect(page.locator("#chat-log .chat-bubble")).toHaveCount(2);
  });
});
