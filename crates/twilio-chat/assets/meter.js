// Says under each text being written how long it is and what it takes.
(() => {
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const watch = (box) => {
    const text = box.querySelector("textarea"), meter = box.querySelector(".hub-meter");
    const nothing = meter.textContent, words = meter.dataset;
    let asked = 0, timer = null;
    const measure = async () => {
      const turn = ++asked;
      if (!text.value) { meter.textContent = nothing; meter.classList.remove("hub-meter-wide"); return; }
      const answer = await fetch("/api/meter", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text: text.value, to: text.form.elements.to?.value ?? "" }),
      }).catch(() => null);
      if (!answer?.ok || turn !== asked) return;
      const found = await answer.json();
      let line = filled(words.words, found);
      if (found.forced_by.length) line += filled(words.forced, { letters: found.forced_by.join(" ") });
      if (found.cost) {
        const amount = document.documentElement.lang === "pl" ? found.cost.amount.replace(".", ",") : found.cost.amount;
        line += filled(words.cost, { cost: `${amount} ${found.cost.currency}` });
      }
      meter.textContent = line;
      meter.classList.toggle("hub-meter-wide", found.forced_by.length > 0);
    };
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(measure, 200); });
    // What is folded away is measured when somebody looks at it.
    const folded = box.closest("details:not([open])");
    if (folded) folded.addEventListener("toggle", measure, { once: true });
    else measure();
  };
  document.querySelectorAll("[data-meter]").forEach(watch);
})();
