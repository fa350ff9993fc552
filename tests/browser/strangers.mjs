// What strangers send: texts that mean harm, and a Twilio and a model that repeat them in everything they say.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";

const RUN = "window.__hacked=1";

export const HOSTILE = [
  `"><img src=x onerror=${RUN}>`, `'><img src=x onerror=alert(1)>`, `<script>${RUN}</script>`, "</script><script>alert(1)</script>",
  `<svg onload=${RUN}>`, "<svg/onload=alert(1)//", `" autofocus onfocus=${RUN} x="`, `' onmouseover='${RUN}`,
  `javascript:${RUN}`, `<a href="javascript:${RUN}">x</a>`, "<button formaction=javascript:alert(1)>x", "{{7*7}}", "${7*7}",
  "{count} {name} {error} {0} %s", "&lt;b&gt; &amp;amp; &#60;i&#62; &quot;", "%3Cscript%3E%0d%0a%00", "\\u003cimg src=x\\u003e \\0 \\x00",
  "\u202Eodwrócone", "a\u2028b\u2029c\uFEFFd\u200Be", `</textarea><img src=x onerror=${RUN}>`, `</title><img src=x onerror=${RUN}>`,
  `--><img src=x onerror=${RUN}><!--`, `]]><img src=x onerror=${RUN}>`, `","html":"<img src=x>"}'`, "one\r\nSet-Cookie: two=1",
  "<style>*{display:none}</style>", `<iframe srcdoc="<script>alert(1)</script>">`, "<template><img src=x></template>",
  "<input hx-get=/sign-out hx-trigger=load>", "👨‍👩‍👧‍👦🏳️‍🌈 a\u0301\u0301\u0301", `<${"x".repeat(300)}>`,
];

/** As a page may show it: blanks are one. */
export const plain = (text) => text.replace(/[\s\p{Cc}]+/gu, " ").trim();

/** What was put where, and on which pages it was seen as text. */
export class Planted {
  #fields = new Map();

  #noted(field, texts) {
    this.#fields.set(field, { texts: texts.map(plain), unseen: new Set(texts.map(plain)), pages: new Set() });
    return texts;
  }

  /** Every text, marked with its field, where it may be so long; `fits` changes it to what the field takes. */
  each(field, longest = Infinity, fits = (text) => text) {
    return this.#noted(field, HOSTILE.map((text, at) => fits(`${text} ~${field}`, at)).filter((text) => [...text].length <= longest));
  }

  /** As many of the texts as have room, in one. */
  whole(field, longest = Infinity, from = 0, between = " | ") {
    const room = [...HOSTILE.slice(from), ...HOSTILE.slice(0, from)].reduce((all, text) => (
      [...all, text].join(between).length + field.length + 2 > longest ? all : [...all, text]), []);
    return this.#noted(field, [`${room.join(between)} ~${field}`])[0];
  }

  look(page, shown) {
    const text = plain(shown);
    for (const one of this.#fields.values()) {
      const found = one.texts.filter((wanted) => text.includes(wanted));
      found.forEach((wanted) => one.unseen.delete(wanted));
      if (found.length) one.pages.add(page);
    }
  }

  report() { return [...this.#fields].map(([field, { texts, pages }]) => `${field} (${texts.length}): ${[...pages].join(", ")}`); }

  unseen() { return [...this.#fields].flatMap(([field, { unseen }]) => [...unseen].map((text) => `${field}: ${text}`)); }
}

const TOKEN = "0123456789abcdef0123456789abcdef";
export const OURS = "+15005550006";

/** Twilio and a model in one, whose every word is hostile. */
export async function startStrangers(planted) {
  const said = {
    refused: planted.whole("twilio.error", 300), webhook: planted.whole("twilio.webhook", 400, 9),
    answer: planted.whole("model.answer", 1500), model: planted.whole("model.name", 90, 3),
    fault: planted.whole("model.error", 150, 12),
    names: planted.each("template.name"), body: planted.whole("template.text"),
    samples: planted.each("template.sample"), places: planted.each("template.place"),
  };
  const contents = said.names.map((name, at) => ({
    sid: `HX${String(at).padStart(32, "0")}`, friendly_name: name, language: "", approval_requests: { status: "approved" },
    types: { "twilio/text": { body: `${said.body} {{1}}` } },
    variables: at ? {} : Object.fromEntries(said.places.map((place, number) => [place, said.samples[number]])),
  }));
  const strangers = { refuse: false };
  let sent = 0;
  const answer = (path, method, body) => {
    const form = new URLSearchParams(body);
    if (path.endsWith("/chat/completions")) {
      if (body.includes("~model.trouble")) return [400, { error: { message: said.fault } }];
      return [200, { model: said.model, choices: [{ message: { content: said.answer }, finish_reason: "stop" }] }];
    }
    if (path.includes("/ContentAndApprovals")) return [200, { contents, meta: {} }];
    if (path.includes("/IncomingPhoneNumbers") && !strangers.refuse) {
      return [200, { incoming_phone_numbers: [{ sid: `PN${"1".repeat(32)}`, phone_number: OURS, sms_url: said.webhook }] }];
    }
    if (path.endsWith("/Messages.json") && method === "POST") {
      const sid = `SM${String(sent += 1).padStart(32, "0")}`;
      return [201, { sid, status: "queued", to: form.get("To"), from: OURS, body: form.get("Body") ?? "" }];
    }
    if (/Accounts\/AC\w+\.json$/.test(path)) return [200, { friendly_name: said.refused, status: "active" }];
    return [400, { code: 99999, message: said.refused, status: 400 }];
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.includes("/Media/")) {
      response.setHeader("content-type", HOSTILE[0]);
      response.end(`<html><svg onload="${RUN}"><script>${RUN}</script></svg></html>`);
      return;
    }
    const [status, document] = answer(pathname, request.method, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(document));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(strangers, {
    url,
    environment: {
      TWILIO_ACCOUNT_SID: `AC${TOKEN}`, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_DEFAULT_FROM: OURS, TWILIO_API_BASE_URL: url,
      OPENAI_API_KEY: "sk-0123456789abcdef0123456789abcdef", OPENAI_BASE_URL: `${url}/v1`,
    },
    stop: () => { server.closeAllConnections(); server.close(); },
  });
}

/** Calls a webhook of the hub as Twilio does: signed. */
export async function twilioCalls(hub, path, fields) {
  const url = `http://127.0.0.1:${new URL(hub.url).port}${path}`;
  const signed = Object.keys(fields).sort().reduce((text, name) => text + name + fields[name], url);
  const response = await fetch(url, {
    method: "POST", body: new URLSearchParams(fields),
    headers: { "x-twilio-signature": createHmac("sha1", TOKEN).update(signed).digest("base64") },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
