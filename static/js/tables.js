// A table that is wider than its frame scrolls in it; the keyboard reaches the frame while it does, and whoever hears
// the page is told which table it is.
const frames = new ResizeObserver((entries) => entries.forEach(({ target }) => {
  const isWider = target.scrollWidth > target.clientWidth;
  const named = target.closest("section")?.querySelector("h2") ?? document.querySelector("h1");
  target.toggleAttribute("tabindex", isWider);
  if (isWider) {
    target.tabIndex = 0;
    target.setAttribute("role", "region");
    target.setAttribute("aria-label", named?.textContent.trim() ?? document.title);
  } else {
    target.removeAttribute("role");
    target.removeAttribute("aria-label");
  }
}));
document.querySelectorAll(".table-wrap").forEach((frame) => frames.observe(frame));
