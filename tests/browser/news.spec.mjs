// The knowledge base's page: empty, filled by an archive, asked, emptied; with and without scripts.
import { test, expect, isAccessible, fitsSideways } from "./page.mjs";

// Few texts a call: a build takes long enough to be watched.
test.use({ mode: "demo", environment: { EMBED_BATCH_SIZE: "4" } });
test.describe.configure({ mode: "serial" });

let cookies;
test.beforeEach(async ({ page, hub, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await page.goto(hub.link);
  cookies = await context.cookies();
});

/** A zip archive with one stored file: what any packer makes, without one. */
function zip(name, text) {
  const [title, data] = [Buffer.from(name), Buffer.from(text)];
  let sum = ~0;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  const about = Buffer.alloc(26);
  about.writeUInt16LE(20, 0);
  about.writeUInt16LE(0x21, 8);
  about.writeUInt32LE(~sum >>> 0, 10);
  about.writeUInt32LE(data.length, 14);
  about.writeUInt32LE(data.length, 18);
  about.writeUInt16LE(title.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), about, title, data]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), about, Buffer.alloc(14), title]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const DOCUMENTS = JSON.stringify([
  ["https://a.example/kaucja", "Kaucja za słoiki", "Prawo", "Kaucja za słoik wyniesie złotówkę. Ustawa wchodzi w życie w maju."],
  ["https://a.example/most", "Most nad Wisłą otwarty", "Miasto", "Most nad Wisłą otwarto w poniedziałek. Przejazd jest bezpłatny."],
].map(([url, title, category, text], at) => (
  { id: String(at), page_content: text, metadata: { url, title, category } })));

const archive = (text = DOCUMENTS, name = "docs.json") => (
  { name: "kopia.zip", mimeType: "application/zip", buffer: zip(name, text) });

async function pictured(page, name) {
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await fitsSideways(page);
    if (process.env.SHOTS && width !== 320) {
      for (const theme of ["light", "dark"]) {
        await page.evaluate((value) => document.documentElement.setAttribute("data-bs-theme", value), theme);
        await page.screenshot({ path: `${process.env.SHOTS}/news-${name}-${width}-${theme}.png`, fullPage: true });
      }
    }
  }
}

async function looksRight(page, name = test.info().title.split(" ")[0]) {
  await pictured(page, name);
  await isAccessible(page);
}

test("empty, it says what to do", async ({ page, hub }) => {
  await page.goto(`${hub.url}/news`);
  await expect(page.getByText("Baza wiedzy jest jeszcze pusta.")).toBeVisible();
  await looksRight(page);
});

test("what is no archive is refused in words", async ({ page, hub }) => {
  await page.goto(`${hub.url}/news`);
  await page.getByRole("link", { name: "Wczytaj archiwum" }).click();
  await page.getByLabel("Archiwum .zip").setInputFiles(archive("{}", "obcy.txt"));
  await page.getByRole("button", { name: "Tak, zastąp" }).click();
  await expect(page.getByRole("alert")).toContainText("W archiwum nie ma ani wektorów, ani dokumentów.");
});

test("filled by an archive, it answers a question", async ({ page, hub }) => {
  await page.goto(`${hub.url}/news`);
  await page.getByRole("link", { name: "Wczytaj archiwum" }).click();
  await page.getByLabel("Archiwum .zip").setInputFiles(archive());
  await page.getByRole("button", { name: "Tak, zastąp" }).click();
  await expect(page.getByText("Archiwum przejęte.")).toBeVisible();
  await page.getByLabel("Pytanie", { exact: true }).fill("ile wyniesie kaucja za słoik?");
  await page.keyboard.press("Enter");
  await expect(page.locator("#said")).toContainText("Kaucja za sloik wyniesie zlotowke [1].");
  await expect(page.locator("#made-by")).toHaveText("AI, ze źródłami");
  await expect(page.locator(".news-answer").getByText("symulowane")).toBeVisible();
  await expect(page.getByRole("link", { name: "Kaucja za słoiki" })).toHaveAttribute("href", "https://a.example/kaucja");
  await looksRight(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"), page.getByRole("link", { name: "Pobierz archiwum" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^faiss_backup_\d{8}-\d{6}\.zip$/);
});

const MANY = 800;
const LARGE = JSON.stringify(Array.from({ length: MANY }, (_, at) => ({
  id: String(at), page_content: `Wiadomość numer ${at}: tramwaj linii ${at} jedzie do portu o ${at % 24}:00.`,
  metadata: { url: `https://a.example/${at}`, title: `Tramwaj ${at}`, category: at % 2 ? "Miasto" : "Prawo" } })));

async function takes(page, hub, text) {
  await page.goto(`${hub.url}/news`);
  await page.getByRole("link", { name: "Wczytaj archiwum" }).click();
  await page.getByLabel("Archiwum .zip").setInputFiles(archive(text));
  await page.getByRole("button", { name: "Tak, zastąp" }).click();
  await expect(page.getByText("Archiwum przejęte.")).toBeVisible();
}

const ready = async (page) => Number(await page.locator("progress").getAttribute("value", { timeout: 1000 }));

test("built while one watches it, from two pages, and stopped on the way", async ({ page, hub, context }) => {
  test.setTimeout(120_000);
  await takes(page, hub, LARGE);
  const other = await context.newPage();
  await other.goto(`${hub.url}/news`);
  await page.getByRole("link", { name: "Zbuduj indeks" }).click();
  await expect(page.locator("#missing")).toHaveText(String(MANY));
  await looksRight(page, "sure");
  await page.getByRole("button", { name: "Zbuduj indeks" }).click();
  const bar = page.getByRole("progressbar");
  await expect(bar).toBeVisible();
  await expect(other.getByRole("progressbar")).toBeVisible();
  await expect.poll(() => ready(page), { intervals: [50] }).toBeGreaterThan(0);
  await pictured(page, "building");
  await page.getByRole("button", { name: "Zatrzymaj budowę" }).click();
  await expect(page.locator("#build-ended")).toContainText("Budowa zatrzymana.");
  await expect(other.locator("#build-ended")).toContainText("Budowa zatrzymana.");
  await page.getByRole("link", { name: "Zbuduj indeks" }).click();
  expect(Number(await page.locator("#missing").textContent()), "what was paid for is kept").toBeLessThan(MANY);
  await page.getByRole("button", { name: "Zbuduj indeks" }).click();
  await expect(page.locator("#build-ended")).toContainText(`Fragmenty: ${MANY}, wektory: ${MANY}`, { timeout: 60_000 });
  await expect(other.locator("#build-ended")).toContainText("Indeks zbudowany.");
  await expect(page.locator(".news-facts")).toContainText("text-embedding-3-large");
  await looksRight(page);
  await page.getByLabel("Pytanie", { exact: true }).fill("o której tramwaj linii 17 jedzie do portu?");
  await page.keyboard.press("Enter");
  await expect(page.locator(".news-sources")).toContainText("Tramwaj 17");
  await expect(page.locator("#found-by")).toHaveText("Szukano po słowach i po znaczeniu.");
});

test("without scripts everything works too", async ({ hub, browser, context: withScripts }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await takes(await withScripts.newPage(), hub, DOCUMENTS);
  await page.goto(`${hub.url}/news`);
  await page.getByRole("link", { name: "Zbuduj indeks" }).click();
  await page.getByRole("button", { name: "Zbuduj indeks" }).click();
  await expect(page.getByText("Budowa ruszyła.")).toBeVisible();
  await expect(async () => {
    await page.goto(`${hub.url}/news`);
    await expect(page.locator("#build-ended")).toContainText("wektory: 2", { timeout: 500 });
  }).toPass();
  await page.getByLabel("Pytanie", { exact: true }).fill("kiedy otwarto most");
  await page.getByLabel("Zapytaj każdy dział osobno").check();
  await page.getByRole("button", { name: "Zapytaj" }).click();
  await expect(page.locator("#said")).toContainText("MIASTO");
  await page.getByRole("link", { name: /Usuń.*faiss_openai_index/ }).click();
  await page.getByRole("button", { name: "Tak, usuń indeks" }).click();
  await expect(page.getByText("Indeks usunięty. Artykuły zostały.")).toBeVisible();
  await context.close();
});
