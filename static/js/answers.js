// Applying: when another product is chosen, the answers that its specifications give take the place of those that nobody
// has changed by hand.
const form = document.querySelector("form[data-answers]");
if (form) {
  const answers = JSON.parse(form.dataset.answers);
  const byHand = new Set();
  form.addEventListener("input", (event) => { if (event.isTrusted) byHand.add(event.target.name); });
  form.elements.product?.addEventListener("change", (event) => {
    (answers[event.target.value] ?? []).forEach(([kind, statement], number) => {
      for (const [name, value] of [[`answer-${number}`, kind], [`statement-${number}`, statement]]) {
        if (form.elements[name] && !byHand.has(name)) form.elements[name].value = value;
      }
    });
  });
}
