// What the pages do better with a script: notices, questions before something final, menus that close, the state
// of the connection, threads that stay at their end. Every page works without it.
(() => {
  // ----- Notices: the server sends `HX-Trigger: {"hub:toast": {tone, text}}`.
  const toasts = document.getElementById("toasts");
  const toast = (tone, text) => {
    const box = document.createElement("div");
    box.className = tone === "bad" ? "hub-toast hub-toast-bad" : "hub-toast";
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", toasts.dataset.close);
    close.addEventListener("click", () => box.remove());
    box.append(words, close);
    toasts.append(box);
    while (toasts.children.length > 3) toasts.firstChild.remove();
    // What went wrong stays until it is read.
    if (tone !== "bad") setTimeout(() => box.remove(), 6000);
  };
  document.addEventListener("hub:toast", (event) => toast(event.detail.tone, event.detail.text));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    const told = xhr.getResponseHeader("HX-Trigger") || xhr.getResponseHeader("HX-Redirect");
    if (!told && requestConfig.verb !== "get") toast("bad", toasts.dataset.fault);
  });

  // ----- The connection, shown only when it is not fine.
  const connection = document.getElementById("connection");
  let lost = false;
  const isLost = (now) => {
    if (now === lost) return;
    lost = now;
    connection.textContent = now ? connection.dataset.lost : "";
    if (!now) toast("good", connection.dataset.back);
  };
  document.addEventListener("htmx:sendError", () => isLost(true));
  document.addEventListener("htmx:timeout", () => isLost(true));
  document.addEventListener("htmx:afterOnLoad", () => isLost(false));
  addEventListener("offline", () => isLost(true));

  // ----- Questions: a form or a button with `data-confirm`.
  const dialog = document.getElementById("confirm");
  let sure = false;
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const words = button?.dataset.confirm ?? form.dataset.confirm;
    if (!words || sure) { sure = false; return; }
    event.preventDefault();
    event.stopPropagation();
    document.getElementById("confirm-words").textContent = words;
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "yes") { sure = true; form.requestSubmit(button); } else { button?.focus(); }
    }, { once: true });
    dialog.showModal();
  }, true);

  // ----- Menus close by Escape, by a click elsewhere, and when another opens.
  const closeMenus = (but) => document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== but) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    // An answer to a question leaves the menu it came from open.
    if (!event.target.closest("dialog")) closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement.closest("details[data-menu][open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });

  // ----- A secret to copy is selected by one click.
  document.querySelectorAll("[data-select]").forEach((field) => field.addEventListener("focus", () => field.select()));

  // ----- A field's text is copied by its button, where the browser lets us: over https and on this machine.
  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(field.value);
        toast("good", button.dataset.copied);
      } catch {
        // Not allowed: the text is left selected, to be copied by keys.
        field.focus();
      }
    });
  });

  // ----- The address forgets what was done, so that reloading does not say it again.
  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(history.state, "", here);
  }

  // ----- Threads stay at their end; a sent form is emptied.
  const toEnd = (thread) => { thread.scrollTop = thread.scrollHeight; };
  document.querySelectorAll(".hub-thread").forEach(toEnd);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const box = event.target;
    box.wasAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.classList.contains("hub-thread") && event.target.wasAtEnd) toEnd(event.target);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("[data-clear-after-send]");
    if (form && event.detail.successful) form.reset();
  });
})();
