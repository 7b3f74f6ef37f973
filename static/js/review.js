// Keys of the review: only where the focus is in no field, listed on the page, and turned off there (WCAG 2.2, 2.1.4).
const OFF = "hall:review-keys-off";
const help = document.querySelector("[data-review-keys]");
if (help) {
  const isOn = help.querySelector("[data-review-keys-on]");
  help.hidden = false;
  isOn.checked = localStorage.getItem(OFF) === null;
  isOn.addEventListener("change", () => {
    if (isOn.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });

  const rows = [...document.querySelectorAll("[data-review-row]")];
  const walk = (step) => {
    const at = rows.indexOf(document.activeElement);
    const to = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[to]?.focus();
  };
  const openReturn = () => {
    const details = document.querySelector("[data-review-return]");
    if (!details) return;
    details.open = true;
    details.querySelector("textarea").focus();
  };
  const showHelp = () => {
    help.open = !help.open;
    help.querySelector("summary").focus();
  };

  document.addEventListener("keydown", (event) => {
    if (!isOn.checked || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const pressed = document.querySelector(`[data-review-key="${CSS.escape(event.key)}"]`);
    if (pressed) pressed.click();
    else if (rows.length && event.key === "j") walk(1);
    else if (rows.length && event.key === "k") walk(-1);
    else if (event.key === "r") openReturn();
    else if (event.key === "?") showHelp();
    else return;
    event.preventDefault();
  });
}
