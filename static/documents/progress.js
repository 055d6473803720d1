// While a file is read or an order is loaded: a moving bar and a sentence, and the form is sent only once.
(() => {
  const LONGEST = 25000; // an answer has come by then, or the person has stopped waiting
  const restore = (form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    form.querySelector("[data-progress-note]").replaceChildren();
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-progress]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    const words = form.querySelector("template").content.cloneNode(true);
    form.querySelector("[data-progress-note]").replaceChildren(words);
    setTimeout(() => restore(form), LONGEST);
  });
  // Coming back by the browser's own button shows the page as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[data-progress]").forEach(restore);
  });
})();
