// One stream of changes for all tabs of a browser. Knows the newest change and who listens; nothing of what changed.
let source = null, last = 0, state = "wait";
const tabs = new Set();

const tell = (message) => tabs.forEach((tab) => tab.postMessage(message));
const stand = (now) => { if (now !== state) { state = now; tell({ state }); } };

const open = () => {
  source?.close();
  source = new EventSource(`/api/events?after=${last}`);
  source.onopen = () => stand("fine");
  source.onmessage = (event) => {
    last = Number(event.lastEventId);
    stand("fine");
    tell({ change: JSON.parse(event.data) });
  };
  source.addEventListener("reset", (event) => { last = Number(event.lastEventId); tell({ reset: true }); });
  source.onerror = () => {
    // The browser connects again by itself, unless the answer was no stream: then we ask again, more slowly.
    if (source.readyState === EventSource.CLOSED) { stand("lost"); setTimeout(open, 5000); } else stand("wait");
  };
};

self.onconnect = ({ ports: [tab] }) => {
  tab.onmessage = ({ data }) => {
    if (data.gone) { tabs.delete(tab); if (!tabs.size) { source?.close(); source = null; state = "wait"; } return; }
    tabs.add(tab);
    if (!source) { last = data.after; open(); return; }
    // This tab was read before something that the others have been told.
    if (data.after < last) tab.postMessage({ reset: true });
    tab.postMessage({ state });
  };
};
