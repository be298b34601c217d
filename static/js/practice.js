// The clock of a practice round. The server says when the round's parts end and what time it is there; the difference
// to this device's clock is taken once for each answer, so every screen in the room shows the same.

const parts = [
  ["feedback", "wordsCoaching"],
  ["end", "wordsFeedback"],
];
const seen = new WeakMap();

function known(clock) {
  if (!seen.has(clock)) seen.set(clock, { ahead: Number(clock.dataset.now) * 1000 - Date.now(), part: null });
  return seen.get(clock);
}

function minutes(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function show(clock) {
  const state = known(clock);
  const now = Date.now() + state.ahead;
  const [end, words] = parts.find(([name]) => Number(clock.dataset[name]) * 1000 > now) ?? [null, "wordsOver"];
  clock.querySelector("[data-clock-left]").textContent = end ? minutes(Number(clock.dataset[end]) * 1000 - now) : "";
  clock.querySelector("[data-clock-part]").textContent = clock.dataset[words];
  if (state.part && state.part !== words) {
    document.getElementById("announcer").textContent =
      words === "wordsOver" ? clock.dataset.wordsOver : `${clock.querySelector("[data-clock-left]").textContent} ${clock.dataset[words]}`;
  }
  state.part = words;
}

const tick = () => document.querySelectorAll("[data-clock]").forEach(show);

tick();
setInterval(tick, 500);
document.addEventListener("htmx:afterSettle", tick);
