// What was typed stays when the page is drawn anew in another language or other colours: kept for this tab, by the
// page's address, and given back once.
const place = `hall:typed:${location.pathname}`;
const forms = [...document.querySelectorAll("main form")].filter((form) => form.method === "post");
const LEFT_OUT = new Set(["password", "file", "hidden", "submit", "button"]);
const MOST_LINES = 40;

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !LEFT_OUT.has(field.type));
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";

function stateOf(form) {
  return fieldsOf(form).map((field) => [field.name, field.value, isChoice(field) ? field.checked : null]);
}

function lineFor(form, name) {
  // A line that was added: add one more until there is a field of that name.
  const group = [...form.querySelectorAll("[data-lines]")].find((each) => name.startsWith(`${each.id}-`));
  for (let count = 0; group && !form.elements[name] && count < MOST_LINES; count += 1) {
    group.querySelector("[data-add-line]").click();
  }
}

function giveBack(form, state) {
  for (const [name, value, checked] of state) {
    if (!form.elements[name]) lineFor(form, name);
    const fields = fieldsOf(form).filter((field) => field.name === name);
    const field = checked === null ? fields[0] : fields.find((each) => each.value === value);
    if (!field) continue;
    if (checked === null) field.value = value;
    else field.checked = checked;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const kept = sessionStorage.getItem(place);
if (kept) {
  sessionStorage.removeItem(place);
  JSON.parse(kept).forEach((state, number) => { if (forms[number] && state) giveBack(forms[number], state); });
}

const typed = new Set();
forms.forEach((form) => form.addEventListener("input", () => typed.add(form)));
document.querySelector("form[data-keeps]")?.addEventListener("submit", (event) => {
  const hasFiles = forms.some((form) => [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length));
  if (hasFiles && !window.confirm(event.target.dataset.keeps)) { event.preventDefault(); return; }
  if (typed.size) {
    sessionStorage.setItem(place, JSON.stringify(forms.map((form) => (typed.has(form) ? stateOf(form) : null))));
  }
  document.documentElement.dataset.kept = "";
});
