// After a form came back with errors, take the keyboard to the list of them.
document.querySelector("[data-focus]")?.focus();
// Warn before leaving a form with words that are neither saved nor kept (unsent.js).
for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("kept", () => { changed = false; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed && !("kept" in document.documentElement.dataset)) event.preventDefault(); });
}
