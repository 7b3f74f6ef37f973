// Lines of a group: “Add a line” copies the last one, with empty fields and the next number; the box “Remove this line”
// takes its line out at once, the last one only empties.
for (const group of document.querySelectorAll("[data-lines]")) {
  const button = group.querySelector("[data-add-line]");
  button.hidden = false;
  const empty = (line) => {
    for (const field of line.querySelectorAll("[name]")) {
      if (field.tagName === "SELECT") field.selectedIndex = 0;
      else if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    line.classList.remove("has-error");
    line.querySelectorAll(".field-error").forEach((error) => error.remove());
  };
  // Without a script there are spare lines; with one, none is needed below a line that is filled.
  const isBlank = (line) => [...line.querySelectorAll("input:not([type=checkbox])")].every((field) => !field.value);
  [...group.querySelectorAll(".line")].slice(1).forEach((line) => {
    if (isBlank(line) && !line.classList.contains("has-error")) line.remove();
  });
  button.addEventListener("click", () => {
    const all = group.querySelectorAll(".line");
    const last = all[all.length - 1];
    const copy = last.cloneNode(true);
    for (const field of copy.querySelectorAll("[name]")) {
      const next = (text) => text.replace(/-(\d+)-/, (_, number) => `-${Number(number) + 1}-`);
      const label = copy.querySelector(`label[for="${field.id}"]`);
      field.name = next(field.name);
      field.id = next(field.id);
      if (label) label.htmlFor = field.id;
    }
    empty(copy);
    last.after(copy);
    copy.querySelector("[name]").focus();
  });
  group.addEventListener("change", (event) => {
    const line = event.target.closest(".line-gone")?.closest(".line");
    if (!line || !event.target.checked) return;
    const all = [...group.querySelectorAll(".line")];
    const beside = all[all.indexOf(line) - 1] ?? all[all.indexOf(line) + 1];
    if (beside) line.remove();
    else empty(line);
    (beside ?? line).querySelector("[name]").focus();
    group.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
