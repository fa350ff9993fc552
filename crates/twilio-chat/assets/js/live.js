// Tells the page what changes: `hub:change` with {kind, contact, row}, `hub:reset` when everything has to be read
// anew. One stream serves all tabs where the browser has shared workers; without any stream the page asks by itself.
(() => {
  const page = document.getElementById("chat"), line = document.getElementById("connection");
  if (!page) return;
  const after = Number(page.dataset.change), poll = Number(page.dataset.poll) * 1000;
  let last = after, polling = 0, late = 0;

  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const stand = (state) => {
    clearTimeout(late);
    if (state === "fine") {
      line.textContent = "";
      clearInterval(polling);
      polling = 0;
      return;
    }
    // A moment's break is nobody's business.
    late = setTimeout(() => {
      line.textContent = state === "lost" ? page.dataset.offline : page.dataset.retrying;
      polling ||= setInterval(() => say("hub:reset"), poll);
    }, 2000);
  };
  const hear = ({ data }) => {
    if (data.change) say("hub:change", data.change);
    if (data.reset) say("hub:reset");
    if (data.state) stand(data.state);
  };

  if (window.SharedWorker) {
    const { port } = new SharedWorker(page.dataset.worker, "hub-live");
    port.onmessage = hear;
    port.postMessage({ after });
    addEventListener("pagehide", () => port.postMessage({ gone: true }));
    addEventListener("pageshow", (event) => { if (event.persisted) { port.postMessage({ after: last }); say("hub:reset"); } });
    return;
  }
  const open = () => {
    const source = new EventSource(`/api/events?after=${last}`);
    source.onopen = () => stand("fine");
    source.onmessage = (event) => { last = Number(event.lastEventId); hear({ data: { change: JSON.parse(event.data) } }); };
    source.addEventListener("reset", (event) => { last = Number(event.lastEventId); say("hub:reset"); });
    source.onerror = () => {
      const closed = source.readyState === EventSource.CLOSED;
      stand(closed ? "lost" : "wait");
      if (closed) setTimeout(open, 5000);
    };
  };
  open();
})();
