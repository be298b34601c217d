// data-dialog="id" on a link opens that <dialog> instead of following the link.
// data-confirm="Question" on a form asks first, then sends it with confirmed=yes.
// htmx's hx-confirm is asked in the same dialog.

const shared = () => document.getElementById("confirm-dialog");

let unanswered = null;

function ask({ title, text, action, danger }) {
  const dialog = shared();
  const yes = dialog.querySelector("[data-confirm-yes]");
  const standard = (yes.dataset.standard ??= yes.textContent);
  unanswered?.(false);
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = text || "";
  dialog.querySelector("p").hidden = !text;
  yes.textContent = action || standard;
  yes.classList.toggle("button-danger", danger);
  yes.classList.toggle("button-primary", !danger);
  return new Promise((resolve) => {
    const asked = new AbortController();
    const answer = unanswered = (is) => {
      asked.abort();
      unanswered = null;
      resolve(is);
    };
    yes.addEventListener("click", () => dialog.close("yes"), asked);
    // The browser tells of a closing a little later: by then the next question may be open.
    dialog.addEventListener("close", () => dialog.open || answer(dialog.returnValue === "yes"), asked);
    dialog.returnValue = "";
    dialog.showModal();
  });
}

const question = (element, title) => ({
  title,
  text: element.dataset.confirmText,
  action: element.dataset.confirmAction,
  danger: "confirmDanger" in element.dataset,
});

function markConfirmed(form) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "confirmed";
  field.value = "yes";
  form.append(field);
  return field;
}

async function onSubmit(event) {
  const form = event.target;
  if (!form.dataset?.confirm || form.elements.namedItem("confirmed")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(question(form, form.dataset.confirm)))) return;
  const field = markConfirmed(form);
  form.requestSubmit(event.submitter);
  setTimeout(() => field.remove());
}

function onClick(event) {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
  if (event.target.matches?.("dialog.dialog") && isOutside(event, event.target)) event.target.close();
}

function isOutside({ clientX: x, clientY: y, detail }, dialog) {
  const box = dialog.getBoundingClientRect();
  return detail > 0 && (x < box.left || x > box.right || y < box.top || y > box.bottom);
}

async function onHtmxConfirm(event) {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(question(event.detail.elt, event.detail.question))) event.detail.issueRequest(true);
}

export function startDialogs() {
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("click", onClick);
  document.addEventListener("htmx:confirm", onHtmxConfirm);
}
