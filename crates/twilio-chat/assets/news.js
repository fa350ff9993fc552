// The knowledge base's page while a browser watches: it is told how far a build is and reads its state anew.
(() => {
  // htmx asks once at a time, and once more after the last of what came meanwhile.
  const tell = () => document.body.dispatchEvent(new CustomEvent("news:building"));
  // What is there stays there: a button that is being pressed is not taken away from under the finger.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "news-state" || !detail.shouldSwap) return;
    detail.shouldSwap = false;
    Idiomorph.morph(detail.target, detail.xhr.responseText, { morphStyle: "outerHTML" });
  });
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
