// Keys, jobs and recovery in the settings, on a hub that has no account yet.
import { test, expect, isAccessible, fitsSideways, makesFirstAccount } from "./page.mjs";

test.describe.configure({ mode: "serial" });

const TOKEN = "0123456789abcdef0123456789abcdef";

/** The line of a key. */
const lineOf = (page, name) => page.getByRole("listitem").filter({ has: page.locator(`#${name}`) });

let cookies;
test.beforeEach(async ({ page, hub, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await makesFirstAccount(page, hub.link);
  cookies = await context.cookies();
});

test("the tabs lead to keys, jobs and recovery, readable at every width in both themes and languages", async ({ page, hub }) => {
  await page.goto(`${hub.url}/settings`);
  for (const name of ["Klucze", "Zadania", "Odzyskane po przerwach"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await expect(page.locator(".hub-tabs [aria-current=page]")).toHaveText(name);
  }
  for (const language of ["en", "pl"]) {
    await page.request.post(`${hub.url}/settings/preferences`, { form: { language } });
    for (const path of ["/settings/keys", "/settings/jobs", "/settings/recovery"]) {
      await page.goto(hub.url + path);
      for (const width of [1440, 820, 390, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await fitsSideways(page);
      }
      await isAccessible(page);
    }
  }
});

test("a key is entered, shown by its end only, and removed after a question", async ({ page, hub }) => {
  await page.goto(`${hub.url}/settings/keys`);
  const line = lineOf(page, "TWILIO_AUTH_TOKEN");
  await line.getByLabel("Nowa wartość").fill(TOKEN);
  await line.getByRole("button", { name: "Zapisz" }).click();
  await expect(page.locator("#told")).toContainText("nie dają jeszcze połączenia");
  expect(await page.content()).not.toContain(TOKEN);
  await expect(line).toContainText("cdef · wpisano w panelu");
  await isAccessible(page);

  await line.getByRole("button", { name: "Usuń" }).click();
  await page.locator("#confirm button[value=no]").click();
  await expect(line).toContainText("wpisano w panelu");
  await line.getByRole("button", { name: "Usuń" }).click();
  await page.locator("#confirm button[value=yes]").click();
  await expect(page.getByText("Usunięto. Działają pozostałe wartości.")).toBeVisible();
  await expect(line).toContainText("nie ustawiono");
});

test("what is typed is text, and what is no key is refused in words", async ({ page, hub }) => {
  await page.goto(`${hub.url}/settings/keys`);
  const line = lineOf(page, "OPENAI_API_KEY");
  await line.getByLabel("Nowa wartość").fill(`"><img src=x onerror="alert(1)">`);
  await line.getByRole("button", { name: "Zapisz" }).click();
  await expect(page.getByRole("alert")).toContainText("Klucz OpenAI zaczyna się od sk-.");
  expect(await page.content()).not.toContain("onerror");
  await line.getByRole("button", { name: "Sprawdź" }).click();
  await expect(page.getByRole("alert")).toContainText("Nie ma czym sprawdzić");
  await isAccessible(page);
});
