// A <details data-menu> closes on Escape, on a click elsewhere and when focus leaves it.

const open = () => document.querySelectorAll("details[data-menu][open]");

function closeOthers(event) {
  open().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

function onKey(event) {
  if (event.key !== "Escape") return;
  open().forEach((menu) => {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  });
}

export function startMenus() {
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", onKey);
}
