// Keeps the inbox as it is now: reads the list, the head and the messages again when something changed, moves no row
// from under the pointer, marks as read what was seen, shows details in a dialog. Renders nothing itself.
(() => {
  const page = document.getElementById("chat");
  if (!page) return;
  const contact = Number(page.dataset.contact), query = page.dataset.query;
  const rows = document.getElementById("chat-rows"), pill = document.getElementById("chat-pill");
  const scroll = document.getElementById("chat-scroll"), log = document.getElementById("chat-log");
  const head = document.getElementById("chat-head"), said = document.getElementById("chat-said");
  const inside = { morphStyle: "innerHTML" };

  // ----- Reading a fragment again: one request at a time, and one more if something changed meanwhile.
  const reader = (read) => {
    let busy = false, again = false;
    const run = async () => {
      if (busy) { again = true; return; }
      busy = true;
      do {
        again = false;
        try { await read(); } catch { /* The connection's own line says it; the next change tries again. */ }
      } while (again);
      busy = false;
    };
    return run;
  };
  const fragment = async (path) => {
    const response = await fetch(path, { headers: { "hx-request": "true" } });
    if (response.redirected || response.headers.has("hx-redirect")) {
      // Signed out: the way in, unless a text would be lost by leaving.
      if (!document.getElementById("chat-body")?.value) location.reload();
      return null;
    }
    return response.ok ? response.text() : null;
  };
  const morph = (place, text) => { Idiomorph.morph(place, text, inside); htmx.process(place); };

  // ----- The list.
  let waiting = null;
  const order = (root) => [...root.querySelectorAll("#chat-people > li")].map((row) => row.dataset.contact);
  const words = (count) => {
    const tens = count % 100, ones = count % 10;
    const few = document.documentElement.lang === "pl" && ones > 1 && ones < 5 && (tens < 12 || tens > 14);
    return (count === 1 ? pill.dataset.one : few ? pill.dataset.few : pill.dataset.many).replace("{count}", count);
  };
  const showList = (text) => {
    waiting = null;
    pill.hidden = true;
    const top = rows.scrollTop;
    morph(rows, text);
    rows.scrollTop = top;
    title();
  };
  const isBusy = () => rows.matches(":hover") || rows.scrollTop > 40
    || (rows.contains(document.activeElement) && document.activeElement.matches(".chat-row:focus-visible"));
  const readList = reader(async () => {
    const shown = order(rows).length;
    const more = new URLSearchParams(query);
    more.set("open", contact);
    if (shown > 50) more.set("rows", shown);
    const text = await fragment(`/inbox/list?${more}`);
    if (text === null) return;
    const next = new DOMParser().parseFromString(text, "text/html");
    const before = order(rows), after = order(next);
    const moved = after.filter((row, place) => before.indexOf(row) === -1 || before.indexOf(row) > place);
    if (!moved.length || !isBusy()) { showList(text); return; }
    // Rows stay where they are; what they say is of now.
    for (const row of next.querySelectorAll("#chat-people > li")) {
      const here = document.getElementById(row.id);
      if (here) Idiomorph.morph(here, row.outerHTML, { morphStyle: "outerHTML" });
    }
    Idiomorph.morph(rows.querySelector(".chat-tabs"), next.querySelector(".chat-tabs").outerHTML);
    waiting = text;
    pill.textContent = words(Math.max(1, moved.filter((row) => next.querySelector(`#person-${row} .chat-unread`)).length));
    pill.hidden = false;
    title();
  });
  pill.addEventListener("click", () => { if (waiting) showList(waiting); rows.scrollTop = 0; rows.focus(); });
  rows.addEventListener("mouseleave", () => { if (waiting && rows.scrollTop <= 40) showList(waiting); });

  const plain = document.title;
  const title = () => {
    const unread = Number(rows.querySelector(".chat-tabs")?.dataset.unread ?? 0);
    document.title = unread ? `(${unread}) ${plain}` : plain;
  };
  title();
  // A click opens a whole page: the list stays where it was.
  addEventListener("pagehide", () => sessionStorage.setItem("chat-top", `${query} ${rows.scrollTop}`));
  const [place, top] = (sessionStorage.getItem("chat-top") ?? "").split(/ (?=[\d.]+$)/);
  if (place === query) rows.scrollTop = Number(top);

  // ----- The open thread.
  const shownPage = () => document.getElementById("chat-page");
  const readHead = reader(async () => {
    const where = new URLSearchParams({ back: location.pathname + query, list: `/chat${query}` });
    const text = await fragment(`/inbox/${contact}/head?${where}`);
    if (text !== null) morph(head, text);
  });
  const readLog = reader(async () => {
    const now = shownPage();
    if (!now || now.dataset.past) return;
    const known = new Set([...log.querySelectorAll(".chat-bubble")].map((bubble) => bubble.id));
    const part = new URLSearchParams();
    const first = log.querySelector(".chat-bubble");
    if (first) part.set("from", first.dataset.row);
    if (now.dataset.unread) part.set("unread", now.dataset.unread);
    const text = await fragment(`/inbox/${contact}/thread?${part}`);
    if (text === null) return;
    const atEnd = scroll.scrollTop > -40;
    morph(log, text);
    settle();
    if (atEnd) scroll.scrollTop = 0;
    // Only what a customer wrote now is read out.
    const news = [...log.querySelectorAll(".chat-bubble:not(.chat-mine)")].filter((bubble) => !known.has(bubble.id));
    if (known.size && news.length) said.textContent = `${said.dataset.words} ${news.at(-1).querySelector(".chat-text")?.textContent ?? ""}`;
    document.dispatchEvent(new CustomEvent("chat:read"));
    seen();
  });
  /** Forms of messages come back to this page. */
  const settle = () => log.querySelectorAll("[data-back]").forEach((field) => { field.value = location.pathname + query; });

  // ----- What was visible for a second is read.
  let looking = 0, readUpTo = -Infinity;
  const seen = () => {
    clearTimeout(looking);
    if (!contact || document.hidden || !document.hasFocus()) return;
    looking = setTimeout(() => {
      const last = Number(shownPage()?.dataset.last ?? 0);
      const unread = Number(head.querySelector(".chat-head")?.dataset.unread ?? 0);
      if (!unread || last <= readUpTo || shownPage().dataset.past) return;
      readUpTo = last;
      fetch(`/api/contacts/${contact}/read`, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ up_to: last }),
      }).catch(() => { readUpTo = -Infinity; });
    }, 1000);
  };

  const LISTED = ["received", "written", "status", "deleted", "read", "mode", "draft", "named", "consent", "attention"];
  const everything = () => { readList(); if (contact) { readHead(); readLog(); } };
  document.addEventListener("hub:change", ({ detail: { kind, contact: whose } }) => {
    if (LISTED.includes(kind)) readList();
    if (!contact || whose !== contact) return;
    if (["received", "written", "status", "deleted", "attention", "proposed"].includes(kind)) readLog();
    if (["received", "written", "read", "mode", "named", "consent", "attention"].includes(kind)) readHead();
  });
  document.addEventListener("hub:reset", everything);
  // A form of ours was done: the stream tells it too, but perhaps later or not at all.
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful && page.contains(event.target)) everything(); });

  // ----- More rows, earlier messages.
  page.addEventListener("click", async (event) => {
    const more = event.target.closest("#chat-more");
    if (more) {
      event.preventDefault();
      const text = await fragment(`/inbox/list${new URL(more.href).search}&open=${contact}`);
      if (text !== null) showList(text);
      return;
    }
    const earlier = event.target.closest("#chat-earlier a");
    if (earlier) {
      event.preventDefault();
      const text = await fragment(`/inbox/${contact}/thread${new URL(earlier.href).search}`);
      if (text === null) return;
      const next = new DOMParser().parseFromString(text, "text/html");
      next.getElementById("chat-later")?.remove();
      const height = scroll.scrollHeight, from = scroll.scrollTop;
      document.getElementById("chat-earlier").replaceWith(...next.getElementById("chat-page").children);
      settle();
      htmx.process(log);
      // The end is the origin: what is seen stays without our doing, unless the browser thinks otherwise.
      if (scroll.scrollHeight !== height) scroll.scrollTop = from;
      return;
    }
    const details = event.target.closest("[data-details]");
    if (details && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const back = encodeURIComponent(location.pathname + query);
      const text = await fragment(`${details.getAttribute("href")}?back=${back}`);
      if (text !== null) dialog(details.querySelector(".visually-hidden").textContent.trim(), text);
      return;
    }
    if (event.target.closest("#chat-info") || event.target.closest("#chat-side-close")) { event.preventDefault(); side(); }
  });

  // ----- The details beside the thread: a drawer where there is no room.
  const wide = matchMedia("(min-width: 1200px)");
  const side = () => {
    const box = document.getElementById("chat-side");
    if (!box) return;
    if (wide.matches) {
      localStorage.setItem("chat-side", page.classList.toggle("chat-side-hidden") ? "hidden" : "shown");
    } else {
      const open = box.classList.toggle("chat-side-open");
      (open ? document.getElementById("chat-side-close") : document.getElementById("chat-info"))?.focus();
    }
  };
  if (localStorage.getItem("chat-side") === "hidden") page.classList.add("chat-side-hidden");

  // ----- The dialog.
  const box = document.getElementById("chat-dialog");
  const dialog = (name, content) => {
    document.getElementById("chat-dialog-title").textContent = name;
    document.getElementById("chat-dialog-body").innerHTML = content;
    if (!box.open) box.showModal();
  };
  window.chatPage = { dialog, side, readLog, readList };

  if (contact) {
    settle();
    document.getElementById("chat-first-unread")?.scrollIntoView({ block: "start" });
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
    addEventListener("focus", seen);
    document.addEventListener("visibilitychange", seen);
    seen();
  }
  document.querySelector(".chat-row[aria-current]")?.scrollIntoView({ block: "nearest" });
})();
