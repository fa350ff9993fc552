// The page of webhooks against a Twilio of the test's own, which can be slow, and against the demo's.
import { createServer } from "node:http";
import { test, expect, isAccessible, fitsSideways, makesFirstAccount } from "./page.mjs";
import { startHub } from "./hub.mjs";

test.describe.configure({ mode: "serial" });

const NUMBER = "+15005550006";
const OURS = /^http:\/\/127\.0\.0\.1:\d+\/twilio\/inbound$/;

/** An account with one number, whose address anybody may read and set here. */
async function startTwilio() {
  const number = { sid: "PN00000000000000000000000000000001", phone_number: NUMBER, sms_url: "https://demo.example/reply" };
  const twilio = { number, hangs: false };
  const server = createServer(async (request, response) => {
    const isNumber = request.url.includes("/IncomingPhoneNumbers");
    if (twilio.hangs && isNumber) return;
    let body = "";
    for await (const part of request) body += part;
    if (isNumber && request.method === "POST") number.sms_url = new URLSearchParams(body).get("SmsUrl");
    const list = { incoming_phone_numbers: [number], messages: [] };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.method === "POST" ? number : list));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  twilio.url = `http://127.0.0.1:${server.address().port}`;
  twilio.stop = () => { server.closeAllConnections(); server.close(); };
  return twilio;
}

let twilio, own, cookies;
test.beforeAll(async () => {
  twilio = await startTwilio();
  own = await startHub([], {
    TWILIO_ACCOUNT_SID: "AC0123456789abcdef0123456789abcdef", TWILIO_AUTH_TOKEN: "0123456789abcdef0123456789abcdef",
    TWILIO_DEFAULT_FROM: NUMBER, TWILIO_API_BASE_URL: twilio.url,
  });
});
test.afterAll(async () => {
  await own?.stop();
  twilio?.stop();
});

test.beforeEach(async ({ page, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await makesFirstAccount(page, own.link);
  cookies = await context.cookies();
});

test("the address is copied by its button", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${own.url}/settings/webhooks`);
  await page.getByRole("button", { name: /Kopiuj.*Wiadomości przychodzące/ }).click();
  await expect(page.locator("#toasts")).toContainText("Skopiowano adres.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(OURS);
});

test("a number that calls elsewhere is shown, and brought here after a question", async ({ page }) => {
  await page.goto(`${own.url}/settings/webhooks`);
  const state = page.locator("#webhooks-state");
  await expect(state).toContainText("https://demo.example/reply");
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await fitsSideways(page);
  }
  await isAccessible(page);
  const set = state.getByRole("button", { name: "Ustaw w Twilio" });
  await set.click();
  await page.locator("#confirm button[value=no]").click();
  expect(twilio.number.sms_url).toBe("https://demo.example/reply");
  await set.click();
  await page.locator("#confirm button[value=yes]").click();
  await expect(page.getByText("Ustawiono. Wiadomości od klientów przychodzą teraz tutaj.")).toBeVisible();
  await expect(state).toContainText("przychodzi tutaj");
  await expect(set).toBeHidden();
  expect(twilio.number.sms_url).toMatch(OURS);
});

test("the page opens at once while Twilio keeps silent", async ({ page }) => {
  twilio.hangs = true;
  const asked = page.waitForRequest(/webhooks\/state/);
  await page.goto(`${own.url}/settings/webhooks`);
  await asked;
  await expect(page.getByLabel("Wiadomości przychodzące")).toHaveValue(OURS);
  await expect(page.locator("#webhooks-state")).toContainText("Pytam Twilio");
  twilio.hangs = false;
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  test("a link asks and the form sets", async ({ page }) => {
    twilio.number.sms_url = "";
    await page.goto(`${own.url}/settings/webhooks`);
    await page.getByRole("link", { name: "Zapytaj Twilio" }).click();
    await expect(page.locator("#webhooks-state")).toContainText("Nic nie jest ustawione");
    await page.getByRole("button", { name: "Ustaw w Twilio" }).click();
    await expect(page.getByText("Ustawiono.")).toBeVisible();
    expect(twilio.number.sms_url).toMatch(OURS);
  });
});
