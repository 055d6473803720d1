// The plan: a task opens beside the list, arrows go on, Escape closes; stages fold; the timeline begins at today.
// Without this script the links load pages, and one in the timeline leads to today.
const wide = matchMedia("(min-width: 1100px)");
const links = () => [...document.querySelectorAll("#plan-list a[data-task]")].filter((one) => one.offsetParent);
const panel = () => document.getElementById("panel");
const current = () => document.querySelector("#plan-list a[data-task][aria-current]");
const showToday = () => {
  const month = document.getElementById("timeline-today");
  if (month) month.closest(".timeline-scroll").scrollLeft = month.offsetLeft - parseFloat(getComputedStyle(month).scrollMarginLeft);
};

showToday();

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-task]");
  const isPlain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (link && isPlain && !wide.matches) { // no room for a panel: the page of the task
    event.preventDefault();
    event.stopPropagation();
    location.assign(link.dataset.task);
  }
  const fold = event.target.closest("[data-fold]");
  if (fold) {
    const isFolded = fold.closest("tbody").classList.toggle("is-folded");
    fold.setAttribute("aria-expanded", String(!isFolded));
  }
  const close = event.target.closest("[data-close-act]");
  if (close && isPlain) {
    event.preventDefault();
    const row = close.closest("tr");
    row.previousElementSibling.querySelector(".plan-mark").focus();
    row.remove();
  }
}, true);

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, summary, [contenteditable], .timeline-scroll");
  const isBehind = document.querySelector("dialog[open]"); // the list of keys closes first
  if (!panel()?.firstElementChild || isTyping || isBehind || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key === "Escape") panel().querySelector("[data-close]").click();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !wide.matches) return;
  const all = links();
  const next = all[all.indexOf(current()) + step];
  event.preventDefault();
  if (next) next.click();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.closest?.(".plan-table tbody")) { // one row at a time shows its acts
    for (const row of document.querySelectorAll(".plan-act")) row.remove();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  for (const element of document.querySelectorAll("#plan-list [data-script-only]")) element.hidden = false;
  if (event.detail.target.id === "plan-list") showToday();
  if (event.detail.target.id !== "panel") return;
  const before = current();
  const opened = new URLSearchParams(new URL(event.detail.xhr.responseURL).search).get("task");
  before?.removeAttribute("aria-current");
  before?.closest("tr").classList.remove("is-open");
  if (!opened) {
    before?.focus();
    return;
  }
  const link = links().find((one) => one.dataset.task.endsWith(`/${opened}/`));
  link?.setAttribute("aria-current", "true");
  link?.closest("tr").classList.add("is-open");
  link?.closest("tr").scrollIntoView({ block: "nearest" });
  document.getElementById("panel-title").focus({ preventScroll: true });
});
