// People of a draft can be dragged onto each other: somebody of another pairing, or without a buddy. That opens the page
// that says what a swap would mean. Nothing is changed here; the same page can be reached by “Change”.
const PEOPLE = "[data-person]";
const board = document.querySelector("[data-drag-to]");
let dragged = null;

const group = (person) => person.closest("li");
const target = (event) => {
  const person = event.target.closest?.(PEOPLE);
  return dragged && person && group(person) !== group(dragged) ? person : null;
};

const makeDraggable = () => board.querySelectorAll(PEOPLE).forEach((person) => { person.draggable = true; });
const leave = () => board.querySelectorAll(".drop-here").forEach((person) => person.classList.remove("drop-here"));

function start(event) {
  dragged = event.target.closest?.(PEOPLE);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.textContent.trim());
  dragged.classList.add("dragged");
}

function over(event) {
  const person = target(event);
  leave();
  if (!person) return;
  event.preventDefault();
  person.classList.add("drop-here");
}

function end() {
  leave();
  dragged?.classList.remove("dragged");
  dragged = null;
}

function drop(event) {
  const person = target(event);
  if (!person) return;
  event.preventDefault();
  const address = new URL(board.dataset.dragTo, location.href);
  address.search = new URLSearchParams({ a: dragged.dataset.person, b: person.dataset.person, first: "swap" });
  address.hash = "two";
  end();
  location.assign(address);
}

if (board) {
  makeDraggable();
  document.addEventListener("htmx:afterSettle", makeDraggable);
  board.addEventListener("dragstart", start);
  board.addEventListener("dragover", over);
  board.addEventListener("dragleave", leave);
  board.addEventListener("dragend", end);
  board.addEventListener("drop", drop);
}
