// What is typed in a long form is kept by the hall until the form is sent, so that a closed tab or a browser that breaks
// down loses nothing. When it was kept is told below the form.
const PAUSE = 1200; // ms without typing
const AGAIN = 10000; // ms until what failed is tried again
const MOST_ON_LEAVING = 60000; // bytes that a browser still sends for a page that closes
const NOT_TYPED = new Set(["csrf_token", "once"]);

function contentOf(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name));
  return new URLSearchParams(fields).toString();
}

function careFor(told) {
  const form = told.closest("form");
  const page = told.dataset.page;
  let stored = null; // what the page showed before anybody typed, where that is what the hall has stored
  let kept = null; // what was kept last
  let timer = 0;
  let isSent = false;
  let isTyped = "typed" in told.dataset;
  let asking = Promise.resolve();

  const tell = (text) => { if (told.textContent !== text) told.textContent = text; };
  const ask = (path, content, options) => {
    const body = new URLSearchParams(content);
    body.set("unsent-page", page);
    body.set("csrf_token", form.elements.csrf_token.value);
    return fetch(`${told.dataset.unsent}${path}`, { method: "POST", body, credentials: "same-origin", ...options });
  };

  async function keep(options = {}) {
    window.clearTimeout(timer);
    const content = contentOf(form);
    if (isSent || content === kept) return;
    try {
      if (content === stored) { // taken back by hand: there is nothing to give back
        await ask("/drop", "", { ...options, redirect: "manual" });
        tell("");
      } else {
        const answer = await ask("", content, options);
        if (answer.status === 400 || answer.status === 401) { tell(told.dataset.ended); return; }
        if (!answer.ok) throw new Error(String(answer.status));
        tell(told.dataset.kept.replace("{time}", (await answer.json()).at));
      }
      kept = content;
      if (contentOf(form) === content) form.dispatchEvent(new Event("kept"));
    } catch {
      tell(told.dataset.fails);
      timer = window.setTimeout(later, AGAIN);
    }
  }
  // One after another, so that an older text never comes last.
  const later = () => { asking = asking.then(() => keep()); };

  form.addEventListener("input", () => {
    isTyped = true;
    isSent = false;
    window.clearTimeout(timer);
    timer = window.setTimeout(later, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isSent = true;
    window.clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !isTyped) return;
    keep({ keepalive: contentOf(form).length < MOST_ON_LEAVING });
  });
  // After the other scripts, which take out spare lines or give back what was typed in another language.
  document.addEventListener("DOMContentLoaded", () => {
    if (isTyped) timer = window.setTimeout(later, PAUSE);
    else kept = stored = contentOf(form);
  });
}

document.querySelectorAll("[data-unsent]").forEach(careFor);
