// data-copy="id" on a button copies the value of the field with that id; data-copied is what the button then says.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
    document.getElementById("announcer").textContent = button.dataset.copied;
  } catch {
    field.focus(); // selected, so that it can be copied by hand
  }
});
