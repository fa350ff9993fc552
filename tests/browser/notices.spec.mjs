// What the dashboard tells by itself, live: the money cap holds answers back, and a person lets them go.
import { test, expect, isAccessible, fitsSideways } from "./page.mjs";
import { startHub } from "./hub.mjs";

let own;
test.beforeAll(async () => { own = await startHub(["--demo"], { AUTO_MAX_COST_DAY: "0.03" }); });
test.afterAll(async () => { await own?.stop(); });

test("answers that the cap holds back are told without reloading, and let go", async ({ page, context }) => {
  await page.goto(own.link);
  const notice = page.locator("#notice-money");
  await expect(page.locator(".desk-figures")).toBeVisible();
  await expect(notice).toHaveCount(0);
  for (const phone of ["+48500100200", "+48500100201", "+48500100202"]) {
    const sent = await page.request.post(`${own.url}/demo/phone`, { form: { phone, body: "Halo" } });
    expect(sent.ok()).toBe(true);
  }
  await expect(notice).toContainText("Dzienny limit wydatków wstrzymał 3 wiadomości.");
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await fitsSideways(page);
  }
  await isAccessible(page);
  await expect(notice.getByRole("link", { name: "Zmień limit" })).toHaveAttribute("href", "/ai/guards");
  await notice.getByRole("link", { name: "Zdecyduj" }).click();
  await expect(page).toHaveURL(/state=open/);
  const held = page.locator("#latest tr", { hasText: "Echo: Halo" });
  await expect(held).toHaveCount(3);
});
