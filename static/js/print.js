// A button with data-print opens the browser's own print window; without JavaScript it is not shown.

export function startPrinting() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
