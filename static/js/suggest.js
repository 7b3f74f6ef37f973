// Suggestions under a search box, as a combobox that keyboard and screen reader know.
for (const form of document.querySelectorAll("[data-suggest]")) {
  const input = form.querySelector("input[name=q]");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  form.append(list);
  Object.entries({ role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" })
    .forEach(([name, value]) => input.setAttribute(name, value));
  let chosen = -1;
  let asked = 0;
  let timer = 0;
  const close = () => { window.clearTimeout(timer); asked += 1; list.hidden = true; chosen = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (next) => {
    const items = list.querySelectorAll("li");
    if (!items.length || list.hidden) { ask(0); return; }
    chosen = (next + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
    input.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const show = (found) => {
    list.replaceChildren(...found.map((each, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      item.dataset.url = each.url;
      const kind = document.createElement("small");
      kind.textContent = each.kind;
      item.append(each.label, kind);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); if (event.button === 0) window.location.assign(each.url); });
      return item;
    }));
    list.hidden = found.length === 0;
    chosen = -1;
    input.setAttribute("aria-expanded", String(found.length > 0));
  };
  const ask = (wait) => {
    window.clearTimeout(timer);
    const text = input.value.trim();
    if (!text) { close(); return; }
    timer = window.setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`);
      if (!answer.ok) return;
      const found = await answer.json();
      if (mine === asked && document.activeElement === input) show(found);
    }, wait);
  };
  input.addEventListener("input", () => ask(120));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    // Open, the list alone is closed; the words stay.
    else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    else if (event.key === "Enter" && chosen >= 0 && !list.hidden) { event.preventDefault(); window.location.assign(list.children[chosen].dataset.url); }
  });
  input.addEventListener("blur", close);
}
