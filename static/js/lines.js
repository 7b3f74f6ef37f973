// “Add a line”: copies the last line of a group, with empty fields and the next number.
for (const group of document.querySelectorAll("[data-lines]")) {
  const button = group.querySelector("[data-add-line]");
  button.hidden = false;
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
      if (field.tagName === "SELECT") field.selectedIndex = 0;
      else field.value = "";
    }
    copy.classList.remove("has-error");
    copy.querySelectorAll(".field-error").forEach((error) => error.remove());
    last.after(copy);
    copy.querySelector("[name]").focus();
  });
}
