// What an htmx answer replaces may hold the focus. Then the same control of what came gets it, else its heading: whoever
// uses the keyboard or a screen reader goes on from where they were. What has an id is found again by htmx itself.

const CONTROLS = "a, button, input, select, textarea, summary";
let lost = null;

const words = (element) => (element.getAttribute("aria-label") ?? element.textContent).replace(/\s+/g, " ").trim();
const mark = (element) => [element.tagName, element.name, words(element)].join("|");

function beforeSwap({ detail }) {
  const here = document.activeElement;
  const isInside = here !== document.body && detail.target.contains(here);
  lost = isInside ? mark(here) : null;
}

function afterSettle(event) {
  if (!lost || document.activeElement !== document.body) return;
  const { target } = event.detail;
  const came = target.isConnected ? target : event.target;
  const same = [...came.querySelectorAll(CONTROLS)].find((control) => mark(control) === lost);
  const place = same ?? came.querySelector("h1, h2, h3, h4") ?? came;
  if (!same) place.tabIndex = -1;
  place.focus({ preventScroll: true });
  lost = null;
}

// After the others: a page may say itself where the focus goes.
export function startFocus() {
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSettle", afterSettle);
}
