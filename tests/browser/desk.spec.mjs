// The dashboard: live figures and rows, charts with their tables, filters in the address, a quick message.
import { test, expect, isAccessible, fitsSideways } from "./page.mjs";

test.use({ mode: "demo" });

let cookies;
test.beforeEach(async ({ page, hub, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await page.goto(hub.link);
  cookies = await context.cookies();
});

const figure = (page, name) => page.locator(".desk-figure", { hasText: name }).locator("strong");

test("a message shows without reloading, in the rows, the figures and the charts", async ({ page, hub, context }) => {
  await page.goto(hub.url);
  const before = Number(await figure(page, "Przychodzące").innerText());
  const phone = await context.newPage();
  await phone.goto(`${hub.url}/demo/phone`);
  await phone.getByLabel("Treść SMS-a").fill("Widać od razu?");
  await phone.getByRole("button", { name: "Wyślij" }).click();
  await expect(page.locator("#latest")).toContainText("Echo: Widać od razu?");
  await expect(figure(page, "Przychodzące")).toHaveText(String(before + 1));
  await expect(page.locator("[data-chart=volume] figcaption")).toContainText(`Przychodzące ${before + 1}`);
  await expect(page.locator("[data-chart=volume] canvas")).toHaveCount(1);
  await expect(page.locator("[data-chart=delivery] canvas")).toHaveCount(1);
});

test("filters and the span stand in the address and survive going back", async ({ page, hub }) => {
  await page.goto(hub.url);
  await page.getByRole("navigation", { name: "Kierunek" }).getByRole("link", { name: "Wychodzące" }).click();
  await expect(page).toHaveURL(/direction=outbound/);
  await page.getByRole("link", { name: "24 h" }).click();
  await expect(page).toHaveURL(/span=24h&direction=outbound/);
  await page.locator("[data-chart=volume] summary").click();
  await expect(page.locator("[data-chart=volume] .desk-table tbody tr")).toHaveCount(24);
  await isAccessible(page);
  await page.goBack();
  await expect(page).not.toHaveURL(/span=24h/);
});

test("a quick message is measured while it is written, sent, and seen", async ({ page, hub }) => {
  await page.goto(hub.url);
  await page.getByLabel("Numer odbiorcy").fill("+48 500 100 200");
  await page.getByLabel("Treść", { exact: true }).fill("Zażółć gęślą jaźń");
  await expect(page.locator("#send-meter")).toContainText("znaki: 17 · segmenty: 1 · Unicode przez: ż ó ł ć ę ś ą ź ń");
  await page.getByLabel("Treść", { exact: true }).fill("Do zobaczenia jutro");
  await page.getByRole("button", { name: "Wyślij" }).click();
  await expect(page.getByText("Wiadomość zapisana, za chwilę wyjdzie.")).toBeVisible();
  await expect(page.locator("#latest")).toContainText("Do zobaczenia jutro");
  await expect(page.locator("#latest tr", { hasText: "Do zobaczenia jutro" })).toContainText("doręczona");
});

test("charts follow the theme and the width", async ({ page, hub }) => {
  await page.goto(hub.url);
  for (const width of [1440, 820, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await fitsSideways(page);
  }
  await page.evaluate(() => document.documentElement.setAttribute("data-bs-theme", "dark"));
  await expect(page.locator(".uplot")).toHaveCount(2);
});

test("the first load of the dashboard stays below 150 KB", async ({ page, hub, context }) => {
  const session = await context.newCDPSession(page);
  let bytes = 0;
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(hub.url);
  await expect(page.locator(".uplot")).toHaveCount(2);
  await expect.poll(() => bytes).toBeGreaterThan(30_000);
  expect(bytes).toBeLessThan(150_000);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("one reads the figures, filters, opens the tables and writes", async ({ page, hub }) => {
    await page.goto(hub.url);
    await page.getByRole("link", { name: "30 dni" }).click();
    await page.locator("[data-chart=delivery] summary").click();
    await expect(page.locator("[data-chart=delivery] .desk-table tbody tr").last()).toBeVisible();
    await page.getByLabel("Numer odbiorcy").fill("+48 500 100 200");
    await page.getByLabel("Treść", { exact: true }).fill("Bez skryptów");
    await page.getByRole("button", { name: "Wyślij" }).click();
    await expect(page).toHaveURL(/span=30d&done=queued/);
    await expect(page.getByText("Wiadomość zapisana")).toBeVisible();
    await expect(page.locator("#latest")).toContainText("Bez skryptów");
  });
});
