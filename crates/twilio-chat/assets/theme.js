// Follows the system's light or dark theme, keeps a thread scrolled to its end, and empties a sent form.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);

  const toEnd = (thread) => { thread.scrollTop = thread.scrollHeight; };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".hub-thread").forEach(toEnd));
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
