// A worker of the browser's keeps the page that is shown without a connection, and nothing else (service-worker.js).

export function startOffline() {
  if (!("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "all" }).catch(() => {});
  });
}
