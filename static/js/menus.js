// Menus of the head: one is open at a time; Escape and a press outside close it, and Escape takes the keyboard back.
const menus = [...document.querySelectorAll("details.drop")];
for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.open) menus.forEach((other) => { if (other !== menu) other.open = false; });
  });
}
document.addEventListener("click", (event) => {
  menus.forEach((menu) => { if (menu.open && !menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = menus.find((menu) => menu.open);
  if (!open) return;
  const had = open.contains(document.activeElement);
  open.open = false;
  if (had) open.querySelector("summary").focus();
});
