// The first account, signing in and out, roles, tokens: as people do it, in order, on one hub.
import { test, expect, isAccessible, fitsSideways, signIn, PASSWORD } from "./page.mjs";

test.describe.configure({ mode: "serial" });

test("the printed link opens the first account", async ({ page, hub }) => {
  await page.goto(hub.url);
  await expect(page).toHaveURL(`${hub.url}/sign-in`);
  await expect(page.getByRole("heading", { name: "Witaj w Twilio Chat" })).toBeVisible();
  await isAccessible(page);

  await page.goto(hub.link);
  await isAccessible(page);
  await page.getByLabel("Nazwa użytkownika").fill("ewa");
  await page.getByLabel("Hasło").fill("haslohaslo123");
  await page.getByRole("button", { name: "Utwórz konto i wejdź" }).click();
  await expect(page.getByRole("alert")).toContainText("zbyt łatwe do odgadnięcia");
  await expect(page.getByLabel("Nazwa użytkownika")).toHaveValue("ewa");
  await page.getByLabel("Hasło").fill(PASSWORD);
  await page.getByRole("button", { name: "Utwórz konto i wejdź" }).click();
  await expect(page.getByRole("heading", { name: "Pierwsze kroki" })).toBeVisible();
  await expect(page.getByText("Konto utworzone")).toBeVisible();
  await isAccessible(page);
});

test("a wrong password says so, the right one enters, and signing out ends it", async ({ page, hub }) => {
  await signIn(page, hub, "ewa", "nie to hasło, nie");
  await expect(page.getByRole("alert")).toHaveText("Nazwa lub hasło się nie zgadza.");
  await isAccessible(page);
  await page.getByLabel("Hasło").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${hub.url}/`);
  await page.locator(".hub-menu > summary").click();
  await page.getByRole("button", { name: "Wyloguj się" }).click();
  await expect(page.getByRole("heading", { name: "Logowanie" })).toBeVisible();
  await page.goBack();
  await page.reload();
  await expect(page).toHaveURL(`${hub.url}/sign-in`);
});

test("an admin adds an operator, who sees less", async ({ page, hub, browser }) => {
  await signIn(page, hub, "ewa");
  await page.goto(`${hub.url}/settings/users`);
  await page.getByLabel("Nazwa użytkownika").fill("piotr");
  await page.getByLabel("Hasło").fill(PASSWORD);
  await page.getByRole("button", { name: "Dodaj osobę" }).click();
  await expect(page.getByText("Dodano osobę.")).toBeVisible();
  await expect(page).toHaveURL(`${hub.url}/settings/users`);
  await isAccessible(page);

  const other = await browser.newContext({ locale: "pl-PL" });
  const his = await other.newPage();
  await signIn(his, hub, "piotr");
  await his.goto(`${hub.url}/settings`);
  await expect(his.getByRole("link", { name: "Osoby" })).toHaveCount(0);
  const refused = await his.goto(`${hub.url}/settings/users`);
  expect(refused.status()).toBe(403);
  await expect(his.getByRole("heading", { name: "To jest tylko dla administratorów." })).toBeVisible();

  // Disabled, he is out at his next click. The question comes first and may be answered no.
  await page.getByText("Zmień: piotr").click();
  const question = page.getByRole("dialog");
  await page.getByRole("button", { name: "Zablokuj" }).click();
  await expect(question).toContainText("Zablokować konto piotr?");
  await question.getByRole("button", { name: "Anuluj" }).click();
  await his.goto(`${hub.url}/settings`);
  await expect(his).toHaveURL(`${hub.url}/settings`);
  await page.getByRole("button", { name: "Zablokuj" }).click();
  await question.getByRole("button", { name: "Tak, wykonaj" }).click();
  await expect(page.getByText("Zapisano zmianę.")).toBeVisible();
  await his.goto(`${hub.url}/settings`);
  await expect(his).toHaveURL(`${hub.url}/sign-in`);
  await other.close();
});

test("a token is shown once, works, and is revoked", async ({ page, hub, request }) => {
  await signIn(page, hub, "ewa");
  await page.goto(`${hub.url}/settings/tokens`);
  await isAccessible(page);
  await page.getByLabel("Nazwa", { exact: true }).fill("sklep");
  await page.getByRole("button", { name: "Utwórz token" }).click();
  const secret = await page.getByLabel("Token gotowy").inputValue();
  expect(secret).toMatch(/^hub_[0-9a-f]{64}$/);
  await isAccessible(page);
  const call = async () => (await request.get(`${hub.url}/api/messages`,
    { headers: { authorization: `Bearer ${secret}` } })).status();
  expect(await call()).toBe(200);
  await page.goto(`${hub.url}/settings/tokens`);
  expect(await page.content()).not.toContain(secret);
  await page.getByRole("button", { name: "Odwołaj: sklep" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Tak, wykonaj" }).click();
  await expect(page.getByText("Token odwołany.")).toBeVisible();
  expect(await call()).toBe(401);
});

test("a new password ends the other browser's session", async ({ page, hub, browser }) => {
  const other = await browser.newContext({ locale: "pl-PL" });
  const elsewhere = await other.newPage();
  await signIn(elsewhere, hub, "ewa");
  await signIn(page, hub, "ewa");
  await page.goto(`${hub.url}/settings`);
  await isAccessible(page);
  await page.getByLabel("Obecne hasło").fill(PASSWORD);
  await page.getByLabel("Nowe hasło").fill("wieczorna herbata z Kubą");
  await page.getByRole("button", { name: "Zmień hasło" }).click();
  await expect(page.getByText("Hasło zmienione.")).toBeVisible();
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(`${hub.url}/sign-in`);
  await other.close();
});

test("what was done stands in the log", async ({ page, hub }) => {
  await signIn(page, hub, "ewa", "wieczorna herbata z Kubą");
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${hub.url}/settings/audit`);
    for (const words of ["utworzono pierwsze konto", "odmowa: złe hasło", "zablokowano osobę", "odwołano token API"]) {
      await expect(page.getByText(words).first()).toBeVisible();
    }
    await fitsSideways(page);
    await isAccessible(page);
  }
});
