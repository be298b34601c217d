// Keeps one page, the guide of a session, and what it is made of: to be read without a connection. No page that somebody
// reads or writes is ever kept, and while the server can be reached nothing is answered from here.
const KEPT = "offline-{{ kept }}"; // the usual guide, and the parts
const THEIRS = "guide"; // in the words of the reader's next session; gone when they log out
const PAGE = {{ page|safe }};
const PARTS = {{ parts|safe }};
const AN_HOUR = 3600_000;

async function keep() {
  const kept = await caches.open(KEPT);
  await kept.addAll([PAGE, ...PARTS].map((address) => new Request(address, { credentials: "omit" })));
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => ![KEPT, THEIRS].includes(name)).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function keepTheirs() {
  const theirs = await caches.open(THEIRS);
  const kept = await theirs.match(PAGE);
  if (kept && Math.abs(Date.now() - Date.parse(kept.headers.get("Date"))) < AN_HOUR) return;
  const answer = await fetch(PAGE, { cache: "no-store" });
  if (answer.ok && !answer.redirected) await theirs.put(PAGE, answer);
}

// Says by its status that this is not the page that was asked for.
async function withoutConnection() {
  const theirs = await caches.open(THEIRS);
  const page = (await theirs.match(PAGE)) ?? (await caches.match(PAGE));
  return new Response(page.body, { status: 503, statusText: "No connection", headers: page.headers });
}

async function open(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return withoutConnection();
  }
}

const part = (request) => fetch(request).catch(async () => (await caches.match(request)) ?? Response.error());

function answer(event) {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.mode !== "navigate") {
    if (request.method === "GET" && PARTS.includes(pathname)) event.respondWith(part(request));
  } else if (request.method === "GET") {
    const page = open(event);
    event.respondWith(page);
    event.waitUntil(page.then(keepTheirs).catch(() => {}));
  } else if (pathname.startsWith("/accounts/")) {
    event.waitUntil(caches.delete(THEIRS)); // somebody logs in or out
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", answer);
