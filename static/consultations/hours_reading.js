// Beside the printed hours: what they are understood to mean, asked from the server while one types.
(() => {
  const PAUSE = 350;
  const start = (field) => {
    const answer = document.createElement("div");
    answer.className = "help";
    answer.setAttribute("role", "status");
    field.insertAdjacentElement("afterend", answer);
    let waiting, asked = 0;
    const ask = async () => {
      const mine = ++asked;
      const address = new URL(field.dataset.hoursReading, window.location.origin);
      address.searchParams.set("words", field.value.slice(0, 2000));
      try {
        const response = await fetch(address, { credentials: "same-origin" });
        const words = response.ok ? await response.text() : "";
        if (mine === asked) answer.textContent = words;
      } catch {
        if (mine === asked) answer.textContent = "";
      }
    };
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
    if (field.value) ask();
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-hours-reading]").forEach(start));
})();
