// Comforts of the booking page; it works without them.
// Arrows go from time to time and from day to day, Enter chooses.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest("[data-arrows]");
  if (!list || event.altKey || event.ctrlKey || event.metaKey) return;
  const links = [...list.querySelectorAll("a")];
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const at = links.indexOf(event.target);
  const to = event.key === "Home" ? 0 : event.key === "End" ? links.length - 1 : steps[event.key] && Math.min(Math.max(at + steps[event.key], 0), links.length - 1);
  if (to === undefined || !links[to]) return;
  event.preventDefault();
  links[to].focus();
});
// The strip of days shows the chosen one.
function showDay() {
  const strip = document.querySelector(".days"), day = strip?.querySelector(".is-chosen");
  if (day) strip.scrollLeft += day.getBoundingClientRect().left - strip.getBoundingClientRect().left - (strip.clientWidth - day.offsetWidth) / 2;
}
showDay();
// After a choice the focus goes on to what comes next, and the choice is said.
document.addEventListener("htmx:afterSettle", (event) => {
  showDay();
  if (event.target.id === "content") return event.target.focus({ preventScroll: true });
  if (event.target.id !== "choice") return;
  const said = document.querySelector("#confirm .chosen-words");
  document.getElementById("said").textContent = said ? said.innerText : document.querySelector("#choice h3").innerText;
  const question = document.getElementById("id_question");
  if (!said) document.querySelector("#choice .times a, #choice .day.is-chosen, #step-time")?.focus({ preventScroll: true });
  else (question && !question.value ? question : document.querySelector("#confirm button"))?.focus({ preventScroll: true });
});
// A screenshot on the clipboard goes into the form with Ctrl+V.
document.addEventListener("paste", (event) => {
  const field = document.getElementById("id_screenshot");
  const file = [...(event.clipboardData?.files ?? [])][0];
  if (!field || !file || !event.target.closest("form")?.contains(field)) return;
  event.preventDefault();
  const files = new DataTransfer();
  files.items.add(file);
  field.files = files.files;
});
