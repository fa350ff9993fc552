// The place to write in: what the text takes, plain letters by one key, drafts, and bubbles that show at once.
// A text is never lost: what could not be sent stays in its bubble, and in this browser until it is.
(() => {
  const form = document.getElementById("chat-compose");
  if (!form) return;
  const field = form.elements.body, meter = document.getElementById("chat-meter");
  const contact = Number(form.dataset.contact), to = form.dataset.to;
  const words = document.getElementById("chat-meter-words"), forced = document.getElementById("chat-meter-forced");
  const fold = document.getElementById("chat-fold"), pending = document.getElementById("chat-pending");
  // One key does what this box does without a script.
  document.getElementById("chat-fold-choice").remove();

  const post = (path, body, more = {}) => fetch(path, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), ...more,
  });

  // ----- The meter: counted by the server, which also bills it; the length at once.
  let folded = null, unfolded = null, measuring = 0, asked = 0;
  const show = (told) => {
    const amount = told.cost && (document.documentElement.lang === "pl" ? told.cost.amount.replace(".", ",") : told.cost.amount);
    const cost = told.cost ? ` · ~${amount} ${told.cost.currency}` : "";
    words.textContent = told.units
      ? `${told.encoding} · ${told.units} · ${told.segments} ${meter.dataset.segments}${cost}` : "";
    meter.classList.toggle("chat-meter-dear", told.encoding === "UCS-2" && told.units > 0);
    forced.textContent = told.forced_by.length ? `· ${meter.dataset.forced} ${told.forced_by.slice(0, 8).join(" ")}` : "";
    folded = told.folded?.text ?? null;
    if (folded && told.folded.segments < told.segments) {
      fold.textContent = meter.dataset.folded.replace("{segments}", `${told.folded.segments} ${meter.dataset.segments}`);
      fold.hidden = false;
    } else {
      fold.hidden = unfolded === null;
      if (unfolded !== null) fold.textContent = meter.dataset.undo;
    }
  };
  const measure = async () => {
    const text = field.value, mine = ++asked;
    try {
      const response = await post("/api/meter", { text, to });
      if (response.ok && mine === asked) show(await response.json());
    } catch { /* The length that stands there is of the text before. */ }
  };
  fold.addEventListener("click", () => change());
  const change = () => {
    if (unfolded !== null) { field.value = unfolded; unfolded = null; } else if (folded) { unfolded = field.value; field.value = folded; } else return;
    field.focus();
    measure();
    draft();
  };

  // ----- The draft, within a second.
  let saving = 0, saved = field.value;
  const draft = () => {
    if (!contact) return;
    clearTimeout(saving);
    saving = setTimeout(save, 700);
  };
  const save = (more) => {
    clearTimeout(saving);
    saving = 0;
    if (!contact || field.value === saved) return;
    const body = field.value;
    post(`/api/contacts/${contact}/draft`, { body }, more).then((response) => { if (response.ok) saved = body; }, () => {});
  };
  addEventListener("pagehide", () => save({ keepalive: true }));

  const grow = () => {
    if (CSS.supports("field-sizing", "content")) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };
  field.addEventListener("input", () => {
    unfolded = null;
    grow();
    draft();
    clearTimeout(measuring);
    measuring = setTimeout(measure, 120);
  });

  // ----- Sending: the bubble first.
  const uuid = () => crypto.randomUUID?.() ?? ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (
    c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16));
  const KEPT = "chat-unsent";
  const kept = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  const keep = (list) => localStorage.setItem(KEPT, JSON.stringify(list));
  const forget = (id) => keep(kept().filter((text) => text.id !== id));

  const bubble = (text) => {
    const copy = document.getElementById("chat-bubble").content.cloneNode(true).firstElementChild;
    copy.dataset.client = text.id;
    copy.querySelector(".chat-text").textContent = text.body;
    const again = copy.querySelector("button");
    again.addEventListener("click", () => deliver(text, copy));
    pending.append(copy);
    document.getElementById("chat-scroll").scrollTop = 0;
    return copy;
  };
  const deliver = async (text, shown) => {
    const state = shown.querySelector(".chat-sending-words"), again = shown.querySelector("button");
    state.textContent = state.dataset.saving;
    again.hidden = true;
    let response;
    try {
      response = await post("/api/inbox/messages", { id: text.id, body: text.body, ...(text.contact ? { contact: text.contact } : { to: text.to }) });
    } catch { response = null; }
    if (!response || response.status >= 500 || response.status === 401) {
      state.textContent = state.dataset.offline;
      again.hidden = false;
      if (!kept().some(({ id }) => id === text.id)) keep([...kept(), text]);
      return;
    }
    forget(text.id);
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      shown.remove();
      field.value = field.value ? `${text.body}\n${field.value}` : text.body;
      grow();
      measure();
      document.dispatchEvent(new CustomEvent("hub:toast", { detail: { tone: "bad", text: told.error ?? String(response.status) } }));
      return;
    }
    if (!text.contact) { location.reload(); return; }
    window.chatPage?.readLog();
  };
  const send = () => {
    const body = field.value.trim();
    if (!body) return;
    const text = { id: uuid(), contact, to, body };
    field.value = "";
    saved = "";
    clearTimeout(saving);
    unfolded = null;
    grow();
    measure();
    deliver(text, bubble(text));
    field.focus();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
    if (event.altKey && event.code === "KeyP") { event.preventDefault(); change(); }
    const proposed = field.value ? null : document.getElementById("chat-proposal");
    if (event.key === "Tab" && !event.shiftKey && proposed) { event.preventDefault(); take(proposed); }
    if (event.key === "Escape") {
      if (proposed) document.getElementById("chat-proposal-drop").requestSubmit(); else field.blur();
    }
  });

  // ----- What the assistant proposes: taken over into the text, which a person then sends.
  const take = (proposed) => {
    const body = proposed.querySelector(".chat-text").textContent;
    field.value = field.value ? `${field.value}\n${body}` : body;
    field.dispatchEvent(new Event("input"));
    field.focus();
    proposed.remove();
    fetch(`/inbox/${contact}/proposal`, { method: "POST", headers: { "hx-request": "true" }, body: new URLSearchParams() })
      .catch(() => { /* It stands in the thread once more when that is read again; the text is here. */ });
  };
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "chat-proposal-take") return;
    event.preventDefault();
    take(document.getElementById("chat-proposal"));
  });

  // ----- The server's bubble takes the place of ours, by the identifier that both have.
  document.addEventListener("chat:read", () => {
    for (const shown of pending.querySelectorAll("[data-client]")) {
      if (document.getElementById(`m-${shown.dataset.client}`)) { forget(shown.dataset.client); shown.remove(); }
    }
  });
  for (const text of kept().filter((text) => (contact ? text.contact === contact : text.to === to))) deliver(text, bubble(text));
  addEventListener("online", () => pending.querySelectorAll("button:not([hidden])").forEach((button) => button.click()));
  if (field.value) measure();
  grow();
})();
