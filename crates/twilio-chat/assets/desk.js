// The dashboard while a browser watches: it is told of changes and draws the charts from their tables.
(() => {
  // ----- Changes: the fragments listen for `desk:changed`, the charts for the rarer `desk:settled`.
  const tell = (name) => document.body.dispatchEvent(new CustomEvent(name));
  // The first change is told at once, those that follow within the pause together at its end.
  const paced = (name, pause) => {
    let timer = null, again = false;
    const due = () => { timer = null; if (again) { again = false; call(); } };
    const call = () => {
      if (timer) { again = true; return; }
      timer = setTimeout(due, pause);
      tell(name);
    };
    return call;
  };
  const changed = paced("desk:changed", 1000), settled = paced("desk:settled", 10000);
  const both = () => { changed(); settled(); };
  let source = null;
  const watch = () => {
    source = new EventSource("/api/events");
    source.addEventListener("open", both);
    source.addEventListener("message", both);
    source.addEventListener("reset", both);
  };
  watch();
  addEventListener("online", both);
  // A stream that was refused is asked for again, and meanwhile the page reads by itself.
  setInterval(() => { if (source.readyState === EventSource.CLOSED) { both(); watch(); } }, 15000);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) watch(); });

  // ----- Charts.
  const colour = (tone) => {
    const name = tone === "soft" ? "--hub-soft" : `--hub-${tone}`;
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  };
  const plots = new Map();
  const draw = (figure) => {
    const box = figure.querySelector(".desk-plot");
    // uPlot's legend is a table too.
    const table = figure.querySelector(".desk-table");
    const heads = [...table.querySelectorAll("thead th[data-tone]")];
    const rows = [...table.querySelectorAll("tbody tr")];
    const short = rows.map((row) => row.cells[0].dataset.short);
    const full = rows.map((row) => row.cells[0].textContent);
    const data = [rows.map((_, at) => at),
      ...heads.map((_, line) => rows.map((row) => Number(row.cells[line + 1].textContent)))];
    const axis = { stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    const steps = uPlot.paths.bars({ size: [0.7, 28], radius: 0.15 }), curve = uPlot.paths.linear();
    const lines = heads.map((head, line) => ({
      label: head.textContent,
      stroke: colour(head.dataset.tone),
      fill: line === 0 ? `color-mix(in srgb, ${colour(head.dataset.tone)} 30%, transparent)` : undefined,
      width: line === 0 ? 1 : 2,
      dash: line === 0 ? undefined : [5, 3],
      paths: line === 0 ? steps : curve,
      points: { show: line !== 0 && rows.length <= 31, size: 5 },
    }));
    const whole = (values) => values.map((value) => (Number.isInteger(value) ? value : ""));
    plots.get(box)?.destroy();
    plots.set(box, new uPlot({
      width: Math.max(box.clientWidth, 200),
      height: 190,
      scales: { x: { time: false, range: [-0.6, rows.length - 0.4] }, y: { range: (_, low, high) => [0, Math.max(high, 4) * 1.08] } },
      axes: [{ ...axis, grid: { show: false }, size: 28, space: 56, values: (_, at) => at.map((place) => short[place] ?? "") },
        { ...axis, size: (_, labels) => 16 + 7 * Math.max(4, ...(labels ?? []).map((label) => String(label).length)), values: (_, at) => whole(at) }],
      series: [{ label: table.querySelector("thead th").textContent, value: (_, at) => full[at] ?? "–" }, ...lines],
      cursor: { y: false, drag: { x: false, y: false } },
    }, data, box));
  };
  const drawAll = () => {
    for (const [box, plot] of plots) if (!box.isConnected) { plot.destroy(); plots.delete(box); }
    document.querySelectorAll("[data-chart]").forEach(draw);
  };
  drawAll();
  // A table that somebody opened stays open.
  let opened = new Set();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "charts") return;
    opened = new Set([...event.target.querySelectorAll("details[open]")].map((table) => table.id));
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "charts") return;
    opened.forEach((id) => { const table = document.getElementById(id); if (table) table.open = true; });
    drawAll();
  });
  let resized = null;
  addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(drawAll, 150); });
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
