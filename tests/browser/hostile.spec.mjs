// What a stranger writes is text: in every field that somebody can fill, on every page that shows it, in both
// languages, live and in what the scripts write. A field that no page showed proves nothing, so it fails.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect, PAGES, PASSWORD, makesFirstAccount } from "./page.mjs";
import { startHub } from "./hub.mjs";
import { HOSTILE, OURS, Planted, plain, startStrangers, twilioCalls } from "./strangers.mjs";

/** Runs in the page: everything it shows as text, and everything that came to life. */
function read() {
  const alive = [], shown = [document.title, document.body.textContent];
  const told = ["title", "placeholder", "aria-label", "alt", "value", "data-confirm"];
  for (const node of document.querySelectorAll("*")) {
    for (const { name, value } of node.attributes) {
      const leads = ["href", "src", "action", "formaction", "xlink:href", "srcdoc", "data"].includes(name);
      const address = value.replace(/[\x00-\x20]/g, "");
      const elsewhere = leads && new URL(address, location.href).origin !== location.origin;
      if (/^on/i.test(name) || name === "srcdoc" || (leads && /^(javascript|vbscript|data):/i.test(address))
        || (elsewhere && !node.matches(".news-sources a[target=_blank][rel~=noopener]"))) alive.push(`${name}=${value}`);
      if (told.includes(name)) shown.push(value);
    }
    const ours = node.matches("head > script[src^='/assets/'], head > link[href^='/assets/'], head > meta, svg.hub-icon, svg.hub-logo, svg use");
    const able = "script, style, iframe, object, embed, svg, math, base, link, meta, img:not([src^='/media/']), template:not([id])";
    if (!ours && node.matches(able)) alive.push(node.outerHTML);
    if (node.matches("input, textarea")) shown.push(node.value);
  }
  return { shown: shown.join("\n"), alive, hacked: window.__hacked, broken: window.__broken ?? [] };
}

const test = base.extend({
  page: async ({ page }, use) => {
    const dialogs = [];
    page.on("dialog", (dialog) => { dialogs.push(dialog.message()); dialog.dismiss(); });
    await page.context().addInitScript(() => addEventListener("securitypolicyviolation", (event) => {
      (window.__broken ??= []).push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    }));
    await use(page);
    expect(dialogs, "no script of a stranger asked anything").toEqual([]);
  },
});
test.use({ mode: "demo" });
test.describe.configure({ mode: "serial" });

const planted = new Planted();
const PROFILES = HOSTILE.map((_, at) => `whatsapp:+485001004${String(at).padStart(2, "0")}`);
const EWA = "+48500100200", STOPPED = "+48500100201", PICTURES = "+48500100202", CALLED = "+48500100203", ASKING = "+48500100204", TROUBLED = "+48500100205";

/** The message that Twilio says something odd about. */
let reported;
let strangers, own, folder, cookies;
test.beforeAll(async () => {
  strangers = await startStrangers(planted);
  folder = await mkdtemp(join(tmpdir(), "hub-hostile-"));
  await mkdir(join(folder, "faiss_openai_index"));
  const [title, category, text] = [planted.whole("article.title"), planted.whole("article.section", 300, 2), planted.whole("article.text", 700, 4)];
  const metadata = { title, category, url: `https://a.example/${planted.whole("article.named", 200, 1)}` };
  const documents = [
    { id: "0", page_content: `Kaucja za butelki: ${text}`, metadata },
    { id: "1", page_content: "Kaucja za słoiki.", metadata: { title: "", category, url: planted.whole("article.address", 300, 8) } },
  ];
  await writeFile(join(folder, "faiss_openai_index", "docs.json"), JSON.stringify(documents));
  own = await startHub([], { ...strangers.environment, X1_DATA_DIR: folder });
});
test.afterAll(async () => {
  await own?.stop();
  strangers?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.beforeEach(async ({ page, context }) => {
  if (cookies) { await context.addCookies(cookies); return; }
  await makesFirstAccount(page, own.link);
  cookies = await context.cookies();
});

/** Looks at what the page shows now: nothing of it lives, and what was planted is noted. */
async function look(page, where) {
  const { shown, ...found } = await page.evaluate(read);
  expect(found, where).toEqual({ alive: [], hacked: undefined, broken: [] });
  planted.look(where, shown);
}

async function visit(page, path, where = path) {
  await page.goto(own.url + path);
  await look(page, where);
}

/** Posts a form as a browser does, and looks at the page that comes back. */
async function submits(page, path, fields) {
  const answered = page.waitForNavigation();
  await page.evaluate(([action, values]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    for (const [name, value] of values) {
      const field = Object.assign(document.createElement("textarea"), { name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }, [path, Object.entries(fields)]);
  await answered;
  expect(new URL(page.url()).origin, `${path} stays here`).toBe(own.url);
  await look(page, `${path} refused`);
}

async function posts(page, path, form) {
  const response = await page.request.post(own.url + path, { form });
  expect(response.ok(), `${path}: ${response.status()} ${await response.text().catch(() => "")}`.slice(0, 400)).toBe(true);
}

async function calls(page, path, data) {
  const response = await page.request.post(own.url + path, { data });
  expect(response.ok(), `${path}: ${response.status()} ${await response.text()}`).toBe(true);
  return response.json();
}

let received = 0;
const arrives = (from, body, more = {}) => twilioCalls(own, "/twilio/inbound", {
  MessageSid: `SM${String(received += 1).padStart(32, "f")}`, From: from, To: from.startsWith("whatsapp:") ? `whatsapp:${OURS}` : OURS, Body: body, ...more,
});

test("strangers write and people type it everywhere", async ({ page }) => {
  const line = (text) => text.replace(/\p{Cc}/gu, ""), word = (text) => text.replace(/[\s\p{Cc}]/gu, "");
  const one = async (texts, put) => { for (const [at, text] of texts.entries()) await put(text, at); };
  const strangersWrite = async () => {
    await one(planted.each("message.in"), (text) => arrives(EWA, text));
    await one(planted.each("profile.name", 100), (ProfileName, at) => arrives(PROFILES[at], "Halo", { ProfileName }));
    await one(planted.each("sender", 120, line), (from) => arrives(from, "Halo"));
    await arrives(PICTURES, "", { NumMedia: "1", MediaUrl0: `${strangers.url}/2010-04-01/Accounts/AC/Messages/MM/Media/ME`, MediaContentType0: HOSTILE[0] });
    await arrives(STOPPED, "STOP");
    await one(planted.each("consent.note"), (note) => posts(page, "/consents", { who: STOPPED, choice: "out", note }));
  };
  const peopleType = async () => {
    await one(planted.each("message.out"), (body) => calls(page, "/api/send-message", { to: CALLED, body }));
    await one(planted.each("token.name", 80, line), (name) => posts(page, "/settings/tokens", { name, scope: "read" }));
    const [descriptions, answers] = [planted.each("word.about"), planted.each("word.answer")];
    const [said, expected] = [planted.each("case.said"), planted.each("case.expected")];
    const words = planted.each("word", 100, (text, at) => `${text} ${at}`);
    await one(answers, (answer, at) => posts(page, "/listeners", { word: words[at] ?? "zapasowe", answer, description: descriptions[at] }));
    await one(planted.each("case.question"), (question, at) => calls(page, "/api/ai/cases", { question, said: said[at], expected: expected[at] }));
    await posts(page, "/auto-reply", { enabled: "on", body: planted.whole("auto-reply", 640) });
    await posts(page, "/auto-reply/hours", { away: planted.whole("away", 640, 9) });
  };
  // Each password takes its time.
  const usersCome = () => one(planted.each("user.name", 50, word), (name) => posts(page, "/settings/users", { name, password: PASSWORD, role: "operator" }));
  await Promise.all([strangersWrite(), peopleType(), usersCome()]);
  const headers = { "user-agent": planted.whole("browser", 40, 4) };
  await fetch(`${own.url}/sign-in`, { method: "POST", headers, body: new URLSearchParams({ name: "ewa", password: PASSWORD }), redirect: "manual" });

  // The model is asked last: nobody of the above waits for it.
  await posts(page, "/ai", {
    model: planted.whole("ai.model", 128, 7), temperature: "0", history_limit: "5", segments: "5", quiet_seconds: "0", enabled: "on",
    instruction: planted.whole("ai.instruction", 8000), handover_text: planted.whole("ai.handover", 640, 13),
  });
  await arrives(ASKING, planted.whole("asked", 1500));
  await arrives(TROUBLED, "~model.trouble");
  await expect.poll(async () => (await (await page.request.get(`${own.url}/ai/receipts`)).text()).split("/ai/receipts/").length).toBe(3);
});

const IN_URL = encodeURIComponent(HOSTILE.slice(0, 12).join(" "));
/** Where nobody must be led; browsers leave the tab out. */
const AWAY = ["javascript:window.__hacked=1", "//evil.example/", "/\t/evil.example/", "https://evil.example/", "data:text/html,<script>alert(1)</script>"];
const q = (field, longest, from) => encodeURIComponent(planted.whole(field, longest, from));

test("no page in either language brings a text to life", async ({ page }) => {
  const api = async (path) => (await page.request.get(own.url + path)).json();
  const { contact } = (await api("/api/inbox?limit=200")).items.find(({ participant }) => participant === EWA);
  const [sent] = (await api("/api/messages?direction=outbound")).items.filter(({ to_number: to, sid }) => to === CALLED && sid);
  reported = (await api(`/api/messages/${sent.sid}/details`)).message.id;
  await twilioCalls(own, "/twilio/status", { MessageSid: sent.sid, MessageStatus: planted.whole("twilio.status", 60, 2), To: CALLED });
  const receipts = await (await page.request.get(`${own.url}/ai/receipts`)).text();
  const found = [["/chat?q=", q("chat.q", 400)], ["/contacts?q=", q("contacts.q", 400, 3)],
    ["/consents?who=", q("consents.who", 400, 6)], ["/news?q=", q("news.q", 480, 9)]];
  for (const language of ["en", "pl"]) {
    await posts(page, "/settings/preferences", { language });
    for (const path of PAGES.filter((path) => !path.startsWith("/demo"))) await visit(page, path);
    for (const who of [EWA, STOPPED, PICTURES, CALLED, ASKING, TROUBLED, PROFILES[0]]) await visit(page, `/chat/${encodeURIComponent(who)}`, `/chat/${who}`);
    await visit(page, "/chat?rows=200");
    await visit(page, `/consents?who=${encodeURIComponent(STOPPED)}`, "/consents?who=+48…");
    await visit(page, "/settings/webhooks?ask=twilio");
    await visit(page, `/inbox/template?contact=${contact}&content_sid=HX${"0".repeat(32)}`, "/inbox/template");
    await visit(page, `/inbox/messages/${reported}`, "/inbox/messages/…");
    await visit(page, `/inbox/${contact}/delete`, "/inbox/…/delete");
    for (const receipt of new Set(receipts.match(/\/ai\/receipts\/\d+/g))) await visit(page, receipt, "/ai/receipts/…");
    for (const [path, text] of found) await visit(page, path + text, path);
  }
});

test("what an address says is text, and leads nowhere else", async ({ page }) => {
  const { items } = await (await page.request.get(`${own.url}/api/inbox?limit=200`)).json();
  const { contact } = items.find(({ participant }) => participant === EWA);
  for (const path of [
    `/?span=${IN_URL}&direction=${IN_URL}&state=${IN_URL}&before=${IN_URL}&done=${IN_URL}`, `/chat?view=${IN_URL}&number=${IN_URL}`,
    `/contacts?view=${IN_URL}`, `/consents?before=${IN_URL}`, `/news?q=x&sections=${IN_URL}`, `/settings?done=${IN_URL}`, `/settings/audit?before=${IN_URL}`,
    `/settings/jobs?after=${IN_URL}`, `/settings/webhooks?ask=${IN_URL}`, `/ai/receipts?before=${IN_URL}`, `/sign-in?lang=${IN_URL}&token=${IN_URL}`,
    `/${IN_URL}`, `/chat/${IN_URL}`, `/inbox/open?to=${IN_URL}`, `/ai/receipts/${IN_URL}`,
  ]) await visit(page, path, path.split(/[?%]/)[0]);
  for (const back of [...AWAY, HOSTILE[0]].map(encodeURIComponent)) {
    for (const path of [`/inbox/${contact}/head`, `/inbox/${contact}/delete`, "/inbox/messages/1", "/inbox/template"]) {
      await visit(page, `${path}?back=${back}&list=${back}&contact=${contact}&to=${back}&content_sid=${back}`, `${path}?back`);
    }
  }
});

test("what was typed comes back as text, with why it is refused", async ({ page }) => {
  const typed = (field, from) => planted.whole(`typed.${field}`, Infinity, from);
  await page.goto(own.url);
  for (const [path, fields] of [
    ["/sign-in", { name: typed("sign-in"), password: "x" }],
    ["/settings/users", { name: typed("user"), password: "x", role: "" }],
    ["/settings/keys", { name: "TWILIO_ACCOUNT_SID", value: "", action: "test" }],
    ["/settings/keys", { name: "OPENAI_API_KEY", value: HOSTILE[2], action: "save" }],
    ["/settings/keys", { name: "TWILIO_DEFAULT_FROM", value: HOSTILE[0], action: "save" }],
    ["/settings/webhooks", { entrance: HOSTILE[0] }],
    ["/settings/preferences", { language: HOSTILE[0], theme: HOSTILE[2], back: HOSTILE[0] }],
    ...AWAY.map((back) => ["/settings/preferences", { theme: "system", back }]), ...AWAY.slice(1, 3).map((back) => ["/automation", { on: "true", back }]),
    ["/ai", { model: typed("ai.model"), temperature: typed("ai.temperature", 3), only: typed("ai.only"), target_number: typed("ai.target", 5),
      history_limit: typed("ai.history", 7), segments: typed("ai.segments"), quiet_seconds: typed("ai.quiet"), when: HOSTILE[0], on_failure: HOSTILE[0],
      instruction: typed("ai.instruction"), handover_text: typed("ai.handover") }],
    ["/ai", { model: "x", temperature: "0", only: typed("ai.person", 2), history_limit: "5", segments: "5", quiet_seconds: "0" }],
    ["/ai/guards", { contact_10_min: "1", contact_day: "1", minute: "1", money_day: "1", countries: planted.whole("typed.country", 300, 3).replace(/[,;\n]/g, "") }],
    ["/ai/guards", { contact_10_min: typed("ai.cap"), contact_day: typed("ai.day", 2), minute: typed("ai.minute"), money_day: typed("ai.money"), countries: "PL" }],
    ["/ai/test", { message: typed("ai.test") }],
    ["/ai/test", { message: "~model.trouble" }],
    ["/ai/playground", { question: typed("ai.question", 6) }],
    ["/listeners", { word: typed("word"), answer: "", description: typed("word.about") }],
    ["/listeners/try", { text: typed("word.try") }],
    ["/consents", { who: typed("consent.who"), choice: "in", note: typed("consent.note") }],
    ["/auto-reply", { enabled: "on", body: typed("auto-reply") }],
    ["/auto-reply/hours", { "open-0": "on", "from-0": typed("hours.from"), "to-0": typed("hours.to"), away: typed("away") }],
    ["/desk/send", { id: "x", to: typed("send.to"), body: typed("send.body"), back: AWAY[0] }],
    ["/inbox/send", { id: "x", to: EWA, body: typed("chat.body"), back: AWAY[1] }],
    ["/inbox/template", { contact: "0", to: EWA, content_sid: `HX${"0".repeat(32)}`, back: AWAY[0], "value.1": typed("template.value") }],
    ["/news", { q: planted.whole("typed.news", 480), sections: HOSTILE[0] }],
    ["/news", { q: "kaucja za butelki", sections: "all" }],
    ["/news", { q: "kaucja za słoiki" }],
    ["/news/activate", { name: HOSTILE[0] }], ["/news/delete", { name: HOSTILE[0] }], ["/news/build", { index: HOSTILE[0], model: HOSTILE[1] }],
  ]) await submits(page, path, fields);
  strangers.refuse = true;
  await visit(page, "/settings/webhooks?ask=twilio");
});

test("live, in bubbles, notices and questions a text is text", async ({ page, context }) => {
  const { items } = await (await page.request.get(`${own.url}/api/inbox?limit=200`)).json();
  const { contact } = items.find(({ participant }) => participant === EWA);
  const desk = await context.newPage();
  await desk.goto(own.url);
  await page.goto(`${own.url}/chat/${EWA}`);
  const texts = planted.each("live.message");
  await Promise.all(texts.slice(0, -1).map((body) => arrives(EWA, body)));
  await arrives(EWA, texts.at(-1));
  const last = plain(texts.at(-1));
  await expect(page.locator("#chat-log")).toContainText(last);
  await expect(desk.locator("#latest")).toContainText(last);
  await calls(page, `/api/contacts/${contact}/name`, { name: planted.whole("live.name", 100) });
  await expect(page.locator("#chat-head")).toContainText("~live.name");
  await expect(page.locator(".chat-row[aria-current] .chat-row-name")).toContainText("~live.name");
  await look(page, "/chat/+48… live");
  await look(desk, "/ live");

  let sends;
  await page.route("**/api/inbox/messages", async (route) => { await new Promise((now) => { sends = now; }); await route.continue(); });
  const field = page.getByLabel("Napisz wiadomość");
  await field.fill(planted.whole("bubble"));
  await page.keyboard.press("Control+Enter");
  await expect(page.locator("#chat-pending")).toContainText("~bubble");
  await look(page, "/chat/+48… bubble");
  sends();
  await expect(page.locator("#chat-log")).toContainText("~bubble");
  await page.unroute("**/api/inbox/messages");
  await page.route("**/api/inbox/messages", (route) => route.fulfill({ status: 422, json: { error: planted.whole("notice") } }));
  await field.fill("x");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator("#toasts")).toContainText("~notice");
  await field.fill(planted.whole("draft"));
  await expect(page.locator(".chat-row[aria-current]")).toContainText("Szkic:");
  await look(page, "/chat/+48… notice");

  await page.goto(`${own.url}/chat/${CALLED}`);
  await page.locator(`[data-details][href="/inbox/messages/${reported}"]`).click();
  await expect(page.getByRole("dialog")).toContainText("~twilio.status");
  await look(page, "/chat/+48… details");
  await page.goto(`${own.url}/settings/tokens`);
  await page.locator("[data-confirm]").first().click();
  await expect(page.locator("#confirm-words")).toContainText("~token.name");
  await look(page, "/settings/tokens question");
  await page.goto(`${own.url}/chat/whatsapp:+48500100299`);
  await page.getByLabel("Szablon WhatsApp").selectOption(`HX${"0".repeat(32)}`);
  const places = page.locator(".chat-template-fields input");
  await expect(places).toHaveCount(HOSTILE.length + 1);
  await places.evaluateAll((nodes) => nodes.forEach((node) => { node.value = " "; }));
  await places.first().fill(planted.whole("template.filled", 1024));
  await expect(page.locator("#chat-template-preview")).toContainText("~template.filled");
  await page.getByRole("button", { name: "Wyślij szablon" }).first().click();
  await expect(page.locator("#toasts")).toContainText("~template.place");
  await look(page, "/chat/whatsapp:+48… template");
});

test("what the virtual phone writes is text", async ({ page, hub }) => {
  await page.goto(hub.link);
  for (const body of planted.each("phone.message")) expect((await page.request.post(`${hub.url}/demo/phone`, { form: { phone: EWA, body } })).ok()).toBe(true);
  for (const path of [`/demo/phone?phone=${encodeURIComponent(EWA)}`, `/demo/phone?phone=${IN_URL}`, `/demo/phone/thread?phone=${IN_URL}`]) {
    await page.goto(hub.url + path);
    await look(page, path.split("?")[0]);
  }
});

test("a page that let a text through would be noticed", async ({ context }) => {
  const page = await context.newPage();
  await page.route("**/contacts", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace("</main>", `${HOSTILE[0]}${HOSTILE[2]}</main>`) });
  });
  await page.goto(`${own.url}/contacts`);
  const { alive, broken } = await page.evaluate(read);
  expect([alive.length, broken.length], "tags, attributes, and what the policy stopped").toEqual([3, 2]);
  const silent = [];
  for (const text of HOSTILE) {
    const places = [`<p>${text}</p>`, `<p title="${text}">`, `<p title='${text}'>`, `<textarea>${text}</textarea>`];
    const noticed = [];
    for (const html of places) {
      await page.evaluate((inner) => { document.querySelector("main").innerHTML = inner; }, html);
      const seen = await page.evaluate(read);
      noticed.push(seen.alive.length > 0 || !plain(seen.shown).includes(plain(text)));
    }
    if (!noticed.includes(true)) silent.push(text);
  }
  expect(silent, "only what is no markup is the same as text").toEqual(HOSTILE.filter((one) => !/[<>&"']/.test(one)));
  const never = new Planted();
  never.whole("nowhere");
  expect(never.unseen()).toHaveLength(1);
});

test("each field was seen as text", () => {
  if (process.env.REPORT) console.log(planted.report().join("\n"));
  expect(planted.unseen(), "nothing is proven by what no page shows").toEqual([]);
});
