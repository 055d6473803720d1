// Small comforts; every page works without them.
document.addEventListener("keydown", (event) => {
  // Ctrl+Enter sends the form one is typing in.
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value).then(() => {
      button.textContent = button.dataset.copied;
    });
  }
  if (event.target.closest("[data-print]")) window.print();
});
document.documentElement.dataset.title = document.title; // stands in the foot of a printed page
// Single keys, for those who have not turned them off: never inside a field, never with another key held.
const shortcuts = document.getElementById("shortcuts");
const goToSearch = () => {
  const field = document.querySelector("main input[type=search]");
  if (!field) return location.assign(shortcuts.dataset.search);
  const box = field.closest("details");
  if (box) box.open = true;
  field.focus();
};
if (shortcuts) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (isTyping || shortcuts.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== "/" && event.key !== "?") return;
    event.preventDefault(); // Firefox has a search of its own behind «/»
    if (event.key === "/") goToSearch();
    else shortcuts.showModal();
  });
  shortcuts.addEventListener("click", (event) => {
    if (event.target.closest("a, button")) shortcuts.close(); // its link may lead to a place of this very page
  });
  if (location.hash === "#search" && document.querySelector("main input[type=search]")) goToSearch();
}
// An open menu closes when one goes on elsewhere.
for (const kind of ["click", "keydown"]) {
  document.addEventListener(kind, (event) => {
    if (kind === "keydown" && event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.download[open]")) {
      if (kind === "keydown" || !menu.contains(event.target)) menu.open = false;
    }
  });
}
for (const element of document.querySelectorAll("[data-script-only]")) element.hidden = false;
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();
// A form is sent once: a second click on a slow line must not book twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && event.target.method === "post") setTimeout(() => { button.disabled = true; setTimeout(() => { button.disabled = false; }, 8000); });
});
