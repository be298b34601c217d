// Messages can be closed; a text under data-announce is read out when it changes;
// a request that fails says so and leaves the page as it was, but for what asks by itself under data-quiet.

let announced = "";

function announce(root) {
  const text = root.querySelector("[data-announce]")?.dataset.announce;
  if (!text || text === announced) return;
  announced = text;
  document.getElementById("announcer").textContent = text;
}

function closeMessage(event) {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  button.closest(".message").remove();
  if (!document.activeElement || document.activeElement === document.body) {
    document.getElementById("main").focus({ preventScroll: true });
  }
}

function sayItFailed(event) {
  if (event.detail.elt.matches("[data-quiet]")) return;
  const toasts = document.getElementById("toasts");
  toasts.replaceChildren(document.getElementById("toast-error").content.cloneNode(true));
}

export function startLive() {
  document.addEventListener("click", closeMessage);
  document.addEventListener("htmx:afterSettle", (event) => announce(event.target));
  document.addEventListener("htmx:responseError", sayItFailed);
  document.addEventListener("htmx:sendError", sayItFailed);
}
