// The knowledge base's page while a browser watches: it is told how far a build is and reads its state anew.
(() => {
  // htmx asks once at a time, and once more after the last of what came meanwhile.
  const tell = () => document.body.dispatchEvent(new CustomEvent("news:building"));
  let source = null;
  const watch = () => {
    source = new EventSource("/api/events");
    source.addEventListener("building", tell);
  };
  watch();
  // A stream that was refused is asked for again, and meanwhile the page reads by itself.
  setInterval(() => { if (source.readyState === EventSource.CLOSED) { tell(); watch(); } }, 15000);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { tell(); watch(); } });
})();
