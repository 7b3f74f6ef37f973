// A moment that has to lie ahead: that it is past is told as soon as it is typed. “Now” is the server's, in Hong Kong.
for (const field of document.querySelectorAll("[data-ahead]")) {
  const refused = document.getElementById(`${field.id}-error`);
  const told = document.createElement("div");
  told.className = "field-error";
  told.id = `${field.id}-ahead`;
  told.setAttribute("role", "status");
  field.after(told);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
  const look = () => {
    const isPast = field.value !== "" && field.value <= field.min;
    told.textContent = isPast ? field.dataset.ahead : "";
    field.classList.toggle("is-invalid", isPast);
    if (isPast) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  field.addEventListener("input", () => {
    if (refused) refused.hidden = true;
    look();
  });
  if (!refused) look();
}
