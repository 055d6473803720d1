// Beside the words of a term: what they are understood to mean, asked from the server while one types.
(() => {
  const PAUSE = 350;
  const start = (field) => {
    if (field.dataset.termReadingStarted || field.id.includes("__prefix__")) return;
    field.dataset.termReadingStarted = "yes";
    // a form that says how the term was understood says so anew in the same place: two answers would contradict
    const said = field.form && field.form.querySelector(".field-term_reading .readonly");
    const answer = said || document.createElement("div");
    answer.setAttribute("role", "status");
    if (!said) {
      answer.className = "help term-reading-answer";
      field.insertAdjacentElement("afterend", answer);
    }
    let waiting, asked = 0;
    const ask = async () => {
      const mine = ++asked;
      const address = new URL(field.dataset.termReading, window.location.origin);
      address.searchParams.set("words", field.value.slice(0, 300));
      try {
        const response = await fetch(address, { credentials: "same-origin" });
        if (mine === asked) answer.innerHTML = response.ok ? await response.text() : "";
      } catch {
        if (mine === asked) answer.textContent = "";
      }
    };
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
    if (field.value && !said) ask();
  };
  const startAll = () => document.querySelectorAll("[data-term-reading]").forEach(start);
  document.addEventListener("DOMContentLoaded", startAll);
  document.addEventListener("formset:added", startAll); // a row added in the admin
})();
