// data-autosubmit on a select sends its form when the choice changes.
// data-guess-timezone on a select chooses the browser's zone where none is chosen yet.
// data-warn-unsaved on a form asks before typed text is left behind, also if it has come back refused. Nothing is stored.

const unsaved = new Set();

function guessTimeZone(select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...select.options].some((option) => option.value === zone);
  if (known && ["", "UTC"].includes(select.value)) select.value = zone;
}

function onChange(event) {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
}

function onInput(event) {
  const form = event.target.form;
  if (form && "warnUnsaved" in form.dataset) unsaved.add(form);
}

function onLeave(event) {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
}

function onAnchor(event) {
  const link = event.target.closest(".error-summary a[href^='#']");
  const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) return;
  event.preventDefault();
  const control = target.matches("fieldset") ? target.querySelector("input, select, textarea") : target;
  control.focus();
  target.scrollIntoView({ block: "center" });
}

const prepare = (root) => {
  root.querySelectorAll("select[data-guess-timezone]").forEach(guessTimeZone);
  root.querySelectorAll("form[data-warn-unsaved]:has(.error-summary)").forEach((form) => unsaved.add(form));
  const wanted = root.querySelector("[data-focus]");
  wanted?.focus();
  wanted?.removeAttribute("data-focus");
};

export function startForms() {
  prepare(document);
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.target.parentElement ?? event.target));
  document.addEventListener("change", onChange);
  document.addEventListener("input", onInput);
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  document.addEventListener("kept", (event) => unsaved.delete(event.target));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) unsaved.delete(event.target.closest("form"));
  });
  document.addEventListener("click", onAnchor);
  window.addEventListener("beforeunload", onLeave);
}
