// data-unsent="address" on a form: what is typed is kept on the server as one goes, for its author alone, and stands there
// again when the form is opened anew. Nothing of it is kept in the browser. The form is sent only once the server has
// answered, so it is never lost on the way to a server that restarts or to a log-in that has expired.
// data-unsent-of: whose page it is. data-unsent-but="names": fields that are kept in another way. data-unsent-else=
// "address": where to look as well. data-unsent-own="address": the page is made with what was kept, so nothing has to be
// brought back; the address tells only the token of the present log-in.

const PAUSE = 1000;
const AGAIN = 4000;
const TOKEN = "csrfmiddlewaretoken";
const GONE = ["out", "lost", "refused"];

const byScript = { "HX-Request": "true" };

function useToken(token) {
  document.querySelectorAll(`input[name=${TOKEN}]`).forEach((field) => (field.value = token));
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

function meaning(answer) {
  if (answer.redirected || answer.status === 404 || answer.status === 409) return "refused";
  if (answer.ok) return "kept";
  if (answer.status === 401 || answer.status === 403) return "out";
  return answer.status === 413 || answer.status === 422 ? "long" : "lost";
}

const unfold = (field) => field.closest("details")?.setAttribute("open", "");

function fill(form, kept, isOurs) {
  const values = new Map();
  kept.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
  let changed = false;
  [...form.elements].filter((field) => field.name && isOurs(field.name) && !field.disabled).forEach((field) => {
    const known = values.get(field.name);
    if (field.type === "checkbox" || field.type === "radio") {
      const wanted = known?.includes(field.value) ?? false;
      if (field.checked === wanted) return;
      field.checked = wanted;
      changed = true;
      if (wanted) unfold(field);
    } else if (known?.length) {
      const value = known.shift();
      if (field.value === value) return;
      field.value = value;
      if (field.type === "hidden") return;
      changed = true;
      unfold(field);
    }
  });
  return changed;
}

function keepWhatIsTyped(form) {
  const { unsent: address, unsentOf: author, unsentElse: elsewhere, unsentOwn: door } = form.dataset;
  const state = form.querySelector("[data-unsent-state]");
  const others = ["unsent_of", TOKEN, ...(form.dataset.unsentBut ?? "").split(" ")];
  const isOurs = (name) => !others.includes(name);
  let typed = 0;
  let kept = 0;
  let now = "calm";
  let timer = null;
  let going = null;
  let sends = false;
  let maySend = false;

  function say(what, clock) {
    now = what;
    state.querySelectorAll("[data-unsent-say]").forEach((one) => (one.hidden = one.dataset.unsentSay !== what));
    if (clock) state.querySelector(`[data-unsent-say=${what}] [data-unsent-clock]`).textContent = clock;
  }

  const content = () => {
    const ours = [...new FormData(form)].filter(([name, value]) => isOurs(name) && typeof value === "string");
    return new URLSearchParams([...ours, ["unsent_of", author], [TOKEN, form.elements[TOKEN].value]]);
  };

  async function post(leaving) {
    const upTo = typed;
    try {
      const answer = await fetch(address, { method: "POST", body: content(), headers: byScript, keepalive: leaving });
      const outcome = meaning(answer);
      if (outcome === "kept") kept = upTo;
      if (outcome === "kept" && typed === kept) form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
      say(outcome, answer.headers.get("Kept-At"));
    } catch {
      say("lost");
    }
    return now;
  }

  async function keep(leaving = false) {
    clearTimeout(timer);
    await going;
    going = post(leaving);
    await going;
    going = null;
    return now;
  }

  async function askAgain() {
    if (typed === kept || going || !GONE.includes(now)) return;
    try {
      const answer = await fetch(door ?? address, { headers: byScript });
      if (!answer.ok) return;
      useToken(answer.headers.get("CSRF-Token"));
      await keep();
    } catch {
      say("lost");
    }
  }

  async function take(from) {
    const answer = await fetch(from, { headers: byScript });
    return answer.ok ? answer.json() : {};
  }

  async function bringBack() {
    let found = await take(address);
    if (!found.fields && elsewhere) found = await take(elsewhere);
    if (found.fields && !typed && fill(form, found.fields, isOurs)) say("back", found.written);
  }

  async function throwAway() {
    const body = new URLSearchParams([[TOKEN, form.elements[TOKEN].value]]);
    const answers = [address, elsewhere].filter(Boolean).map((one) => fetch(`${one}forgetting/`, { method: "POST", body }));
    await Promise.all(answers);
    form.reset();
    say("calm");
  }

  async function send(event) {
    if (maySend) {
      maySend = false;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (sends) return;
    sends = true;
    typed += 1;
    const outcome = await keep();
    sends = false;
    if (GONE.includes(outcome)) return state.scrollIntoView({ block: "center" });
    maySend = true;
    form.requestSubmit(event.submitter);
  }

  form.addEventListener("input", (event) => {
    if (!isOurs(event.target.name)) return;
    typed += 1;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", send);
  state.querySelector("[data-unsent-away]")?.addEventListener("click", throwAway);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && typed > kept) keep(true);
  });
  setInterval(askAgain, AGAIN);
  say("calm");
  if (!door && !form.querySelector(".error-summary")) bringBack().catch(() => {});
}

export function startKeeping() {
  const forms = [...document.querySelectorAll("form[data-unsent]")];
  forms.filter((form) => form.querySelector("[data-unsent-state]")).forEach(keepWhatIsTyped);
}
