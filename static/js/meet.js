// A session on several devices: says when the connection or the log-in is gone, and saves the pads once it is back.
// Nothing private is kept in the browser: what could not be saved stays in its field.

const AGAIN = 5000;
const note = document.querySelector("[data-connection]");
const form = document.querySelector("[data-pads]");
const saved = document.getElementById("saved");
let unsaved = false;
let loggedOut = false;

function say(what) {
  note.hidden = !what;
  note.querySelector("[data-connection-lost]").hidden = what !== "lost";
  note.querySelector("[data-connection-out]").hidden = what !== "out";
}

function markUnsaved(is) {
  unsaved = is;
  form.querySelector("[data-not-saved]").hidden = !is;
  saved.hidden = is;
}

// A new log-in has a new token for every form of the page.
async function takeNewToken() {
  const answer = await fetch(saved.getAttribute("hx-post"), { headers: { "HX-Request": "true" } });
  const token = answer.headers.get("CSRF-Token");
  if (!token) return;
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  loggedOut = false;
}

async function saveAgain() {
  try {
    if (loggedOut) await takeNewToken();
    if (unsaved && !loggedOut) window.htmx.trigger(saved, "save");
  } catch {
    say("lost");
  }
}

function onFailure(event) {
  const status = event.detail.xhr?.status;
  if (status === 401 || status === 403) {
    loggedOut = true;
    say("out");
  } else if (!loggedOut) {
    say("lost");
  }
  if (event.detail.elt === saved) markUnsaved(true);
}

function onSuccess(event) {
  if (!event.detail.successful) return;
  if (!loggedOut) say(null);
  if (event.detail.elt === saved) markUnsaved(false);
}

// Sent now it would be lost on a page of the browser's, or on the way to the log-in.
function onSubmit(event) {
  if (note.hidden && navigator.onLine) return;
  event.preventDefault();
  if (!loggedOut) say("lost");
  note.scrollIntoView({ block: "center" });
}

function onHidden() {
  if (document.visibilityState === "hidden" && saved.dataset.typed) window.htmx.trigger(saved, "save");
}

// One phone on the table stays awake while the clock runs.
async function stayAwake() {
  if (document.visibilityState !== "visible" || !document.querySelector("[data-clock]")) return;
  await navigator.wakeLock?.request("screen").catch(() => {});
}

document.addEventListener("htmx:sendError", onFailure);
document.addEventListener("htmx:responseError", onFailure);
document.addEventListener("htmx:afterRequest", onSuccess);
document.addEventListener("visibilitychange", () => [onHidden(), stayAwake()]);
document.addEventListener("htmx:afterSettle", stayAwake);
window.addEventListener("offline", () => say("lost"));
form.addEventListener("submit", onSubmit);
form.addEventListener("input", () => (saved.dataset.typed = "yes"));
setInterval(saveAgain, AGAIN);
stayAwake();
