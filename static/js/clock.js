// One clock for every device in the room. The server names the ends of the parts and, with each answer, what time it is
// there; this device's own clock may be wrong. An answer that came quickly tells the time best, so the quickest counts.
// [data-clock data-now data-words-over] holds parts [data-clock-until data-clock-words] in order, and shows
// [data-clock-left] of the present part, its [data-clock-part] words, and [data-clock-whole] until the last part ends.

let ahead = null;
let certainty = Infinity;
const asked = new WeakMap();
const shown = new WeakMap();

function learn(seconds, onItsWay, uncertain) {
  if (uncertain > certainty) return;
  ahead = Number(seconds) * 1000 + onItsWay - Date.now();
  certainty = uncertain;
}

function onAnswer(event) {
  const answer = event.detail.xhr;
  const began = asked.get(answer);
  if (began === undefined || !answer.getResponseHeader("Server-Now")) return;
  certainty *= 1.1; // what was learnt long ago is trusted less
  const halfway = (performance.now() - began) / 2;
  learn(answer.getResponseHeader("Server-Now"), halfway, halfway);
}

function minutes(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function write(clock, name, text) {
  const place = clock.querySelector(`[data-clock-${name}]`);
  if (place && place.textContent !== text) place.textContent = text;
}

function turnTo(clock, parts, present, said) {
  parts.forEach((part) => {
    part.toggleAttribute("data-clock-on", part === present);
    const details = part.querySelector("details");
    if (details) details.open = part === present;
  });
  if (shown.has(clock)) {
    const left = clock.querySelector("[data-clock-left]").textContent;
    document.getElementById("announcer").textContent = present ? `${left} ${said}` : said;
  }
  shown.set(clock, present);
}

function show(clock) {
  if (ahead === null) learn(clock.dataset.now, 0, 5000);
  const now = Date.now() + ahead;
  const parts = [...clock.querySelectorAll("[data-clock-until]")];
  const end = (part) => Number(part.dataset.clockUntil) * 1000;
  const present = parts.find((part) => end(part) > now);
  const said = present ? present.dataset.clockWords : clock.dataset.wordsOver;
  write(clock, "left", present ? minutes(end(present) - now) : "");
  write(clock, "part", said);
  write(clock, "whole", minutes(end(parts.at(-1)) - now));
  if (!shown.has(clock) || shown.get(clock) !== present) turnTo(clock, parts, present, said);
}

const tick = () => document.querySelectorAll("[data-clock]").forEach(show);

document.addEventListener("htmx:beforeSend", (event) => asked.set(event.detail.xhr, performance.now()));
document.addEventListener("htmx:afterRequest", onAnswer);
document.addEventListener("htmx:afterSettle", tick);
tick();
setInterval(tick, 250);
