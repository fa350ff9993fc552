// The inbox by keys. Single letters do nothing in a field, with a modifier, or while a dialog is open.
(() => {
  const page = document.getElementById("chat");
  if (!page) return;
  const press = (id, name) => document.getElementById(id)?.querySelector(name)?.click();
  const step = (by) => {
    const rows = [...page.querySelectorAll("#chat-rows .chat-row")];
    const at = rows.findIndex((row) => row === document.activeElement);
    const from = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
    const row = rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))];
    row?.focus({ focusVisible: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    r: () => document.getElementById("chat-body")?.focus(),
    u: () => press("chat-mark-unread", "button"),
    t: () => press("chat-mode", `button[value="${document.querySelector('#chat-mode [value="human"]')?.getAttribute("aria-pressed") === "true" ? "auto" : "human"}"]`),
    "/": () => document.getElementById("chat-q").focus(),
    "]": () => window.chatPage.side(),
    "?": () => {
      const list = document.getElementById("chat-keys");
      window.chatPage.dialog(list.dataset.title, list.innerHTML);
    },
    Escape: () => {
      if (document.querySelector(".chat-side-open")) { window.chatPage.side(); return; }
      document.getElementById("chat-back")?.click();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || document.querySelector("details[data-menu][open]")) return;
    if (event.target.matches("input, textarea, select")) return;
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
